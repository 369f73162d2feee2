#pragma once

#include <span>
#include <vector>

namespace nib {

/// The p-values of several tests, adjusted so that any of them below a level is evidence at that level in spite of
/// their number; in the order given (Holm 1979, "A simple sequentially rejective multiple test procedure").
std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace nib
