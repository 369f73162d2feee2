#pragma once

#include <vector>

namespace nib {

/// The value that `fraction` of the numbers (at least one) lie below, linear between two of them; 0.5 is the median.
double quantile(std::vector<double> numbers, double fraction);

}  // namespace nib
