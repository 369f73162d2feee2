#include "statistics/mcnemar.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace nib {
namespace {

/// log(n! / (k! (n - k)!)).
double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

/// Twice the probability of at most `fewer` heads among fewer + more tosses of a fair coin. The terms are added from
/// the largest down, each from the one before it, until they no longer count.
double two_sided_p_value(std::uint64_t fewer, std::uint64_t more) {
  if (fewer == more) return 1;
  const double n = static_cast<double>(fewer) + static_cast<double>(more);
  auto k = static_cast<double>(fewer);
  double term = 1, sum = 1;
  for (; k > 0 && term > sum * 1e-17; --k) {
    term *= k / (n - k + 1);
    sum += term;
  }
  const double log_largest = log_choose(n, static_cast<double>(fewer)) - n * std::numbers::ln2;
  return std::min(1.0, 2 * std::exp(log_largest) * sum);
}

}  // namespace

McNemar mcnemar(const Predictions& first, const Predictions& second) {
  if (first.labels != second.labels) throw std::invalid_argument("predictions of different images");
  McNemar result;
  for (std::size_t image = 0; image < first.size(); ++image) {
    const bool first_right = first.predicted[image] == first.labels[image];
    const bool second_right = second.predicted[image] == second.labels[image];
    if (first_right)
      ++(second_right ? result.both_right : result.only_first_right);
    else
      ++(second_right ? result.only_second_right : result.both_wrong);
  }
  const auto [fewer, more] = std::minmax(result.only_first_right, result.only_second_right);
  result.p_value = two_sided_p_value(fewer, more);
  return result;
}

}  // namespace nib
