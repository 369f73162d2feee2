#pragma once

#include <string_view>

namespace nib::cpu {

/// The instruction sets that every block is compiled for. All give the same bits.
enum class Instructions { scalar, avx2, avx512 };

/// "scalar", "AVX2", "AVX-512".
std::string_view instructions_name(Instructions instructions);

/// The best set that this processor and its operating system have, or the one that the environment variable
/// NIB_INSTRUCTIONS (scalar, avx2, avx512) asks for. Throws Error (usage) when it names none, or one that is not there.
Instructions choose_instructions();

}  // namespace nib::cpu
