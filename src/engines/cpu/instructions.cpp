#include "engines/cpu/instructions.h"

#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/text.h"

namespace nib::cpu {
namespace {

/// Whether processor and system have what Highway's two targets are compiled with (F16C comes with every AVX2). The
/// compiler is asked, not Highway's library, which would measure the processor's clock whenever nib starts, for 3 ms.
bool available(Instructions instructions) {
  if (instructions == Instructions::scalar) return true;
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("aes");
  return avx2 && (instructions == Instructions::avx2 ||
                  (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")));
#else
  return false;
#endif
}

}  // namespace

std::string_view instructions_name(Instructions instructions) {
  switch (instructions) {
    case Instructions::scalar:
      return "scalar";
    case Instructions::avx2:
      return "AVX2";
    case Instructions::avx512:
      return "AVX-512";
  }
  return "unknown";
}

Instructions choose_instructions() {
  const char* wanted = std::getenv("NIB_INSTRUCTIONS");
  if (wanted == nullptr || *wanted == '\0') {
    for (const Instructions best : {Instructions::avx512, Instructions::avx2})
      if (available(best)) return best;
    return Instructions::scalar;
  }
  const std::string name = wanted;
  for (const auto& [word, instructions] :
       {std::pair{"scalar", Instructions::scalar}, {"avx2", Instructions::avx2}, {"avx512", Instructions::avx512}}) {
    if (name != word) continue;
    if (!available(instructions))
      throw usage_error({.file = "NIB_INSTRUCTIONS",
                         .problem = "this processor does not have " + std::string(instructions_name(instructions)),
                         .hint = "unset it to use the best instruction set there is"});
    return instructions;
  }
  throw usage_error({.file = "NIB_INSTRUCTIONS",
                     .problem = "no such instruction set",
                     .expected = "scalar, avx2 or avx512",
                     .got = "\"" + printable(name, 60) + "\""});
}

}  // namespace nib::cpu
