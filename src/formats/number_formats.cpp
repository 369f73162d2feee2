#include "formats/number_formats.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace nib {
namespace {

constexpr std::pair<std::string_view, unsigned> dtypes[] = {
    {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"C64", 8}, {"I64", 8},
    {"I32", 4}, {"I16", 2}, {"I8", 1},  {"U64", 8},  {"U32", 4},     {"U16", 2},     {"U8", 1},  {"BOOL", 1}};

template <typename Bits>
Bits little_endian(const std::uint8_t* bytes) {
  Bits bits = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&bits, bytes, sizeof bits);
    return bits;
  }
  for (std::size_t index = 0; index < sizeof(Bits); ++index)
    bits = static_cast<Bits>(bits | (static_cast<Bits>(bytes[index]) << (8 * index)));
  return bits;
}

float float_of_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  float magnitude = 0;
  if (exponent == 31)
    magnitude = mantissa != 0 ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
  else if (exponent == 0)
    magnitude = std::ldexp(static_cast<float>(mantissa), -24);
  else
    magnitude = std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
  return (bits >> 15) != 0 ? -magnitude : magnitude;
}

template <typename Bits, typename Convert>
std::vector<float> convert_all(std::span<const std::uint8_t> bytes, Convert convert) {
  std::vector<float> values(bytes.size() / sizeof(Bits));
  for (std::size_t index = 0; index < values.size(); ++index)
    values[index] = convert(little_endian<Bits>(bytes.data() + index * sizeof(Bits)));
  return values;
}

}  // namespace

unsigned bytes_per_number(std::string_view dtype) {
  for (const auto& [name, bytes] : dtypes)
    if (name == dtype) return bytes;
  return 0;
}

std::optional<std::vector<float>> floats_of(std::string_view dtype, std::span<const std::uint8_t> bytes) {
  if (dtype == "F32")
    return convert_all<std::uint32_t>(bytes, [](std::uint32_t bits) { return std::bit_cast<float>(bits); });
  if (dtype == "F16") return convert_all<std::uint16_t>(bytes, float_of_half);
  if (dtype == "BF16")
    return convert_all<std::uint16_t>(
        bytes, [](std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); });
  if (dtype == "F64")
    return convert_all<std::uint64_t>(
        bytes, [](std::uint64_t bits) { return static_cast<float>(std::bit_cast<double>(bits)); });
  return std::nullopt;
}

std::size_t count_rounded(std::string_view dtype, std::span<const std::uint8_t> bytes) {
  if (dtype != "F64") return 0;  // the others are narrower than float
  std::size_t count = 0;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(double)) {
    const auto value = std::bit_cast<double>(little_endian<std::uint64_t>(bytes.data() + at));
    if (!std::isnan(value) && static_cast<double>(static_cast<float>(value)) != value) ++count;
  }
  return count;
}

void append_bytes(std::uint64_t number, unsigned count, std::vector<std::uint8_t>& bytes) {
  for (unsigned index = 0; index < count; ++index) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * index)));
}

void append_floats(std::span<const float> values, std::vector<std::uint8_t>& bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    const auto* const first = reinterpret_cast<const std::uint8_t*>(values.data());
    bytes.insert(bytes.end(), first, first + values.size_bytes());
  } else {
    for (const float value : values) append_bytes(std::bit_cast<std::uint32_t>(value), sizeof value, bytes);
  }
}

}  // namespace nib
