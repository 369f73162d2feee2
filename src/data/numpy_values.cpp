#include "data/numpy_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

/// binary16 as IEEE 754 has it.
double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double size = exponent == 31  ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                      : exponent == 0 ? std::ldexp(fraction, -24)
                                      : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 != 0 ? -size : size;
}

template <typename Number>
Number number_at(const NpyArray& array, std::size_t index) {
  Number number;
  std::memcpy(&number, array.bytes.data() + index * sizeof(Number), sizeof(Number));
  return number;
}

template <typename Signed, typename Unsigned>
double whole_number_at(const NpyArray& array, std::size_t index) {
  if (array.kind == 'i') return static_cast<double>(number_at<Signed>(array, index));
  return static_cast<double>(number_at<Unsigned>(array, index));
}

/// An element; whole numbers so large that a double has no room for them are large all the same.
double value_at(const NpyArray& array, std::size_t index) {
  const bool is_float = array.kind == 'f';
  switch (array.item_bytes) {
    case 1:
      return whole_number_at<std::int8_t, std::uint8_t>(array, index);
    case 2:
      return is_float ? half_value(number_at<std::uint16_t>(array, index))
                      : whole_number_at<std::int16_t, std::uint16_t>(array, index);
    case 4:
      return is_float ? number_at<float>(array, index) : whole_number_at<std::int32_t, std::uint32_t>(array, index);
    default:
      return is_float ? number_at<double>(array, index) : whole_number_at<std::int64_t, std::uint64_t>(array, index);
  }
}

void check_numbers(const NpyArray& array, const std::string& source, const char* hint = "") {
  if (std::string("fiub").find(array.kind) == std::string::npos)
    throw input_error({.file = source,
                       .problem = "no array of numbers",
                       .expected = "whole numbers or floats",
                       .got = "texts",
                       .hint = hint});
}

/// Whole numbers from 0 to 255 as they are.
std::vector<std::uint8_t> whole_bytes(NpyArray array, const std::string& source, const std::string& expected) {
  if (array.item_bytes == 1 && (array.kind == 'u' || array.kind == 'b')) return std::move(array.bytes);
  std::vector<std::uint8_t> values(array.bytes.size() / array.item_bytes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = value_at(array, i);
    if (!(value >= 0 && value <= 255 && value == std::floor(value)))
      throw input_error({.file = source,
                         .field = fmt::format("element {}", with_commas(i)),
                         .problem = "out of range",
                         .expected = expected,
                         .got = fmt::format("{}", value)});
    values[i] = static_cast<std::uint8_t>(value);
  }
  return values;
}

void check_finite(const NpyArray& array, const std::string& source) {
  for (std::size_t i = 0; i < array.bytes.size() / array.item_bytes; ++i)
    if (const double value = value_at(array, i); !std::isfinite(value))
      throw input_error({.file = source,
                         .field = fmt::format("element {}", with_commas(i)),
                         .problem = "not finite",
                         .expected = "whole numbers from 0 to 255, or floats from 0 to 1",
                         .got = fmt::format("{}", value)});
}

bool goes_from_0_to_1(const NpyArray& array) {
  for (std::size_t i = 0; i < array.bytes.size() / array.item_bytes; ++i)
    if (const double value = value_at(array, i); !(value >= 0 && value <= 1)) return false;
  return true;
}

}  // namespace

ByteValues pixels_of(NpyArray array, const std::string& source) {
  check_numbers(array, source);
  const bool is_scaled = array.kind == 'b' || (array.kind == 'f' && goes_from_0_to_1(array));
  if (array.kind == 'f' && !is_scaled) check_finite(array, source);
  if (!is_scaled)
    return {.values = whole_bytes(std::move(array), source, "whole numbers from 0 to 255, or floats from 0 to 1"),
            .scaled = false};
  ByteValues scaled{.values = std::vector<std::uint8_t>(array.bytes.size() / array.item_bytes), .scaled = true};
  for (std::size_t i = 0; i < scaled.values.size(); ++i)
    scaled.values[i] = static_cast<std::uint8_t>(std::lround(255 * value_at(array, i)));
  return scaled;
}

std::vector<std::uint8_t> labels_of(NpyArray array, const std::string& source) {
  check_numbers(array, source, "number the classes from 0: numpy.unique(labels, return_inverse=True)[1]");
  return whole_bytes(std::move(array), source, "whole numbers from 0 to 255");
}

}  // namespace nib
