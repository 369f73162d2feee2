#include "statistics/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace nib {

double quantile(std::vector<double> numbers, double fraction) {
  std::ranges::sort(numbers);
  const double place = fraction * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, numbers.size() - 1);
  return std::lerp(numbers[below], numbers[above], place - static_cast<double>(below));
}

}  // namespace nib
