#include "pictures/confusion_shade.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

constexpr double palest = 0.06, light_end = 0.5, dark_begin = 0.85;

/// Where a number lies from `low` to `high` on a log scale, 0 to 1.
double log_place(double number, double low, double high) {
  return std::log10(std::clamp(number, low, high) / low) / std::log10(high / low);
}

}  // namespace

Shade shade_of_right(double share) {
  constexpr double dark_from = 0.99, slack = 1e-9;
  constexpr double most_missing = 1, missing_at_dark = 1 - dark_from, least_missing = 0.001;
  const double missing = 1 - share;
  if (missing <= missing_at_dark + slack)
    return {dark_begin + (1 - dark_begin) * (1 - log_place(missing, least_missing, missing_at_dark)), Role::paper};
  return {palest + (light_end - palest) * (1 - log_place(missing, missing_at_dark, most_missing)), Role::ink};
}

Shade shade_of_wrong(double share) {
  constexpr double least = 1e-4, most = 0.1, palest_error = 0.1;  // a single one is still seen
  return {palest_error + (light_end - palest_error) * log_place(share, least, most), Role::ink};
}

}  // namespace nib
