#include "pictures/axis.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

/// The smallest step of the form 1, 2 or 5 times a power of ten that is at least `step`.
double round_step(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/// The power of ten of a number's first digit; 0 for 0.
int decade_of(double number) { return number > 0 ? static_cast<int>(std::floor(std::log10(number) + 1e-9)) : 0; }

}  // namespace

std::vector<double> ticks(double low, double high, unsigned wanted) {
  const double range = high - low;
  if (!(range >= finest_range * std::max(std::abs(low), std::abs(high))) || range == 0 || !std::isfinite(range))
    return {};
  const double step = round_step(range / wanted), slack = 1e-9 * step;
  const double first = std::ceil((low - slack) / step), last = std::floor((high + slack) / step);
  // The step is at least a `wanted`th of the range: there are few of them.
  const auto count = static_cast<unsigned>(std::clamp(last - first + 1, 0.0, wanted + 1.0));
  std::vector<double> result;
  for (unsigned i = 0; i < count; ++i) result.push_back((first + i) * step);
  return result;
}

std::vector<std::uint32_t> whole_ticks(std::uint32_t first, std::uint32_t last, unsigned most) {
  const double span = last - first;
  const auto step = static_cast<std::uint64_t>(span < most ? 1.0 : std::max(1.0, round_step(span / (most - 1))));
  std::vector<std::uint32_t> result;
  for (std::uint64_t number = (first + step - 1) / step * step; number <= last; number += step)
    result.push_back(static_cast<std::uint32_t>(number));
  return result;
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks) {
  double largest = 0;
  for (const double tick : ticks) largest = std::max(largest, std::abs(tick));
  const int step = ticks.size() > 1 ? decade_of(ticks[1] - ticks[0]) : 0;
  const bool plain = largest < 1e6 && step > -6;
  std::vector<std::string> labels;
  for (const double tick : ticks) {
    const double number = tick == 0 ? 0.0 : tick;  // not "-0"
    labels.push_back(plain ? fmt::format("{:.{}f}", number, std::max(0, -step))
                           : fmt::format("{:.{}g}", number, std::max(1, decade_of(largest) - step + 1)));
  }
  return labels;
}

}  // namespace nib
