#include "statistics/intervals.h"

#include <cmath>

namespace nib {

Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double z) {
  if (trials == 0) return {};
  const auto n = static_cast<double>(trials);
  const double proportion = static_cast<double>(successes) / n;
  const double scale = 1 + z * z / n;
  const double centre = (proportion + z * z / (2 * n)) / scale;
  const double half_width = z / scale * std::sqrt(proportion * (1 - proportion) / n + z * z / (4 * n * n));
  // At both ends centre and half width cancel: said outright, no rounding is left over.
  return {.low = successes == 0 ? 0 : centre - half_width, .high = successes == trials ? 1 : centre + half_width};
}

}  // namespace nib
