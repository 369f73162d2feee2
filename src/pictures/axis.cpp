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

}  // namespace

std::vector<double> ticks(double low, double high, unsigned wanted) {
  const double step = round_step((high - low) / wanted);
  std::vector<double> result;
  const double slack = 1e-9 * step;
  for (double number = std::ceil((low - slack) / step); number * step <= high + slack; ++number)
    result.push_back(number * step);
  return result;
}

std::vector<std::uint32_t> whole_ticks(std::uint32_t first, std::uint32_t last, unsigned most) {
  const double span = last - first;
  const auto step = static_cast<std::uint32_t>(std::max(1.0, span < most ? 1.0 : round_step(span / (most - 1))));
  std::vector<std::uint32_t> result;
  for (std::uint32_t number = (first + step - 1) / step * step; number <= last; number += step)
    result.push_back(number);
  return result;
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks) {
  int decimals = 0;
  if (ticks.size() > 1) decimals = std::max(0, -static_cast<int>(std::floor(std::log10(ticks[1] - ticks[0]) + 1e-9)));
  std::vector<std::string> labels;
  for (const double tick : ticks) labels.push_back(fmt::format("{:.{}f}", tick == 0 ? 0.0 : tick, decimals));
  return labels;
}

}  // namespace nib
