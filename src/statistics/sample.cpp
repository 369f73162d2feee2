#include "statistics/sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "statistics/welch.h"

namespace nib {

double student_quantile(double within, double degrees_of_freedom) {
  const auto is_within = [&](double t) { return two_sided_t(t, degrees_of_freedom) <= 1 - within; };
  double low = 0, high = 1;
  while (!is_within(high)) low = high, high *= 2;
  constexpr int halvings = 60;  // then both are neighbours
  for (int i = 0; i < halvings; ++i) {
    const double middle = std::midpoint(low, high);
    (is_within(middle) ? high : low) = middle;
  }
  return high;
}

std::optional<Sample> describe_sample(std::span<const double> numbers) {
  if (numbers.empty()) return std::nullopt;
  const auto [lowest, highest] = std::ranges::minmax(numbers);
  Sample sample{.count = numbers.size(), .mean = mean(numbers), .lowest = lowest, .highest = highest};
  if (numbers.size() < 2) return sample;
  constexpr double level = 0.95;
  const auto count = static_cast<double>(numbers.size());
  sample.deviation = standard_deviation(numbers);
  const double half = student_quantile(level, count - 1) * *sample.deviation / std::sqrt(count);
  sample.interval = Interval{.low = sample.mean - half, .high = sample.mean + half};
  return sample;
}

}  // namespace nib
