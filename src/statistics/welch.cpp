#include "statistics/welch.h"

#include <cmath>
#include <numeric>

namespace nib {
namespace {

/// The continued fraction of the incomplete beta function (DLMF 8.17.22) by the modified method of Lentz; it converges
/// fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300, enough = 1e-15;
  constexpr int most_steps = 10'000;
  const auto nonzero = [](double value) { return std::fabs(value) < tiny ? tiny : value; };
  double c = 1, d = 1 / nonzero(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < most_steps; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double factor = 1;
    for (const double term : {even, odd}) {
      d = 1 / nonzero(1 + term * d);
      c = nonzero(1 + term / c);
      factor = d * c;
      fraction *= factor;
    }
    if (std::fabs(factor - 1) < enough) break;
  }
  return fraction;
}

/// The regularised incomplete beta function I_x(a, b).
double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

}  // namespace

double mean(std::span<const double> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

double standard_deviation(std::span<const double> numbers) {
  const double middle = mean(numbers);
  double squares = 0;
  for (const double number : numbers) squares += (number - middle) * (number - middle);
  return std::sqrt(squares / static_cast<double>(numbers.size() - 1));
}

std::optional<Welch> welch(std::span<const double> first, std::span<const double> second) {
  if (first.size() < 2 || second.size() < 2) return std::nullopt;
  const auto variance_of_mean = [](std::span<const double> numbers) {
    return std::pow(standard_deviation(numbers), 2) / static_cast<double>(numbers.size());
  };
  const double one = variance_of_mean(first), other = variance_of_mean(second), both = one + other;
  if (both == 0) return std::nullopt;
  Welch result;
  result.difference = mean(second) - mean(first);
  result.t = result.difference / std::sqrt(both);
  result.degrees_of_freedom =
      both * both /
      (one * one / static_cast<double>(first.size() - 1) + other * other / static_cast<double>(second.size() - 1));
  result.p_value = two_sided_t(result.t, result.degrees_of_freedom);
  return result;
}

double two_sided_t(double t, double degrees_of_freedom) {
  return incomplete_beta(degrees_of_freedom / 2, 0.5, degrees_of_freedom / (degrees_of_freedom + t * t));
}

}  // namespace nib
