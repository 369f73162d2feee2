#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nib {

/// Bytes of one number of a safetensors dtype ("F32", "I64" ...); 0 for a name that is none, or whose numbers do not
/// fill whole bytes.
unsigned bytes_per_number(std::string_view dtype);

/// The numbers of an F32, F16, BF16 or F64 tensor, rounded to float where it is narrower; nullopt for other dtypes.
/// `bytes` holds whole little-endian numbers.
std::optional<std::vector<float>> floats_of(std::string_view dtype, std::span<const std::uint8_t> bytes);

/// How many of these numbers floats_of() has to round. Infinities that come of it are numbers too large.
std::size_t count_rounded(std::string_view dtype, std::span<const std::uint8_t> bytes);

/// Appends the lowest `count` bytes of a number, or the four of each float, lowest first.
void append_bytes(std::uint64_t number, unsigned count, std::vector<std::uint8_t>& bytes);
void append_floats(std::span<const float> values, std::vector<std::uint8_t>& bytes);

}  // namespace nib
