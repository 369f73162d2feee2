#pragma once

#include <optional>
#include <span>

namespace nib {

double mean(std::span<const double> numbers);
/// The sample standard deviation, of at least two numbers.
double standard_deviation(std::span<const double> numbers);

/// Welch's t-test of whether two groups of independent, about normal numbers have different means, their variances
/// being unknown and perhaps different (Welch 1947, "The generalization of Student's problem when several different
/// population variances are involved").
struct Welch {
  double difference = 0;  ///< of the means, second less first
  double t = 0;
  double degrees_of_freedom = 0;
  double p_value = 1;  ///< two-sided
};

/// nullopt where a group has fewer than two numbers, or all numbers of both are alike: nothing tells their spread then.
std::optional<Welch> welch(std::span<const double> first, std::span<const double> second);

/// The probability that Student's t with so many degrees of freedom is at least as far from 0 as `t`.
double two_sided_t(double t, double degrees_of_freedom);

}  // namespace nib
