#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "statistics/intervals.h"

namespace nib {

/// What some independent, about normal numbers say of where they come from.
struct Sample {
  std::size_t count = 0;
  double mean = 0;
  double lowest = 0, highest = 0;
  std::optional<double> deviation{};   ///< the sample standard deviation; of at least two numbers
  std::optional<Interval> interval{};  ///< of the mean, 95 %: mean +- t deviation / sqrt(count), with Student's t of
                                       ///< count - 1 degrees of freedom (Student 1908, "The probable error of a mean")
};

/// Nothing of no numbers.
std::optional<Sample> describe_sample(std::span<const double> numbers);

/// The distance from 0 that Student's t with so many degrees of freedom, at least 1, keeps with the probability
/// `within`: 12.706 for 0.95 and one degree, 1.960 for many.
double student_quantile(double within, double degrees_of_freedom);

}  // namespace nib
