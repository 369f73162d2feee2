#pragma once

#include <cstdint>

namespace nib {

struct Interval {
  double low = 0, high = 1;
};

/// Wilson's score interval for a proportion, 95 % by default (Wilson 1927, "Probable inference, the law of succession,
/// and statistical inference"). Without trials: 0 to 1.
Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double z = 1.959963984540054);

}  // namespace nib
