#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nib {

/// A straight map from numbers to places on the sheet.
struct Axis {
  double low = 0, high = 1;   ///< numbers
  double begin = 0, end = 1;  ///< where they lie
  double operator()(double number) const { return begin + (number - low) / (high - low) * (end - begin); }
};

/// The smallest range that an axis can show, as a part of the numbers on it: doubles lie closer, but few of them.
inline constexpr double finest_range = 1e-9;

/// Round numbers in [low, high], at most `wanted` + 1 of them, a step of 1, 2 or 5 times a power of ten apart. None
/// where the range is empty, not finite or finer than finest_range.
std::vector<double> ticks(double low, double high, unsigned wanted);

/// Whole round numbers in [first, last], at most about `most` of them, at least one.
std::vector<std::uint32_t> whole_ticks(std::uint32_t first, std::uint32_t last, unsigned most);

/// The ticks as texts, all with as many digits as the step between them needs; from a million on with an exponent.
std::vector<std::string> tick_labels(const std::vector<double>& ticks);

}  // namespace nib
