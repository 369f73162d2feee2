#include "pictures/value_scale.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

namespace nib {
namespace {

constexpr double largest_figure = 1e100;   // no float has such a logarithm: losses are far below
constexpr double smallest_figure = 1e-12;  // and none above 0 is told from 0 below it
constexpr double squashing = 3;            ///< largest over smallest figure, from which on the axis is logarithmic
constexpr double air = 0.06;               ///< above and below, in parts of the range
constexpr unsigned wanted_ticks = 5;
constexpr std::size_t most_ticks = 7;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double value) { low = std::min(low, value), high = std::max(high, value); }
  bool empty() const { return low > high; }
};

/// The multiples of powers of ten in [low, high] by `factors`.
std::vector<double> round_numbers(double low, double high, std::initializer_list<double> factors) {
  std::vector<double> numbers;
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10)
    for (const double factor : factors)
      if (const double number = factor * power; number >= low * (1 - 1e-9) && number <= high * (1 + 1e-9))
        numbers.push_back(number);
  return numbers;
}

/// Round numbers that lie about evenly on a logarithmic axis from `low` to `high`.
std::vector<double> logarithmic_numbers(double low, double high) {
  std::vector<double> numbers = round_numbers(low, high, {1, 1.5, 2, 3, 5, 7});
  if (numbers.size() <= most_ticks) return numbers;
  numbers = round_numbers(low, high, {1, 2, 5});
  if (numbers.size() <= most_ticks) return numbers;
  numbers = round_numbers(low, high, {1});
  const std::size_t step = (numbers.size() + most_ticks - 1) / most_ticks;
  std::vector<double> some;
  for (std::size_t i = 0; i < numbers.size(); i += step) some.push_back(numbers[i]);
  return some;
}

/// "0.05", "0.015", "2e-08"; an accuracy "0.985", with as many decimals as its errors have.
std::string label_of(Figure figure, double number) {
  const int decimals = static_cast<int>(std::max(0.0, -std::floor(std::log10(number) + 1e-9)));
  const bool two_digits =
      std::abs(number * std::pow(10, decimals) - std::round(number * std::pow(10, decimals))) > 1e-6;
  if (figure == Figure::accuracy) return fmt::format("{:.{}f}", 1 - number, decimals + (two_digits ? 1 : 0));
  return fmt::format("{:.6g}", number);
}

}  // namespace

bool ValueScale::can_be_drawn(double value) { return std::abs(value) <= largest_figure; }

ValueScale::ValueScale(Figure figure, std::span<const double> values, double bottom, double top) : figure_(figure) {
  Range plain, positive;  // losses, or shares of errors
  const bool accuracy = figure == Figure::accuracy;
  bool negative = false;
  for (const double value : values) {
    if (!can_be_drawn(value)) continue;
    plain.add(value);
    const double size = accuracy ? 1 - value : value;
    if (size > smallest_figure)
      positive.add(size);
    else
      negative = negative || size < 0;
  }
  logarithmic_ = !negative && !positive.empty() && positive.high >= squashing * positive.low;
  if (logarithmic_) {
    const double smallest = accuracy ? 1 - plain.high : plain.low;
    least_ = smallest > smallest_figure ? smallest : positive.low / 2;
    double low = std::log10(least_), high = std::log10(positive.high);
    const double room = air * (high - low);
    low -= room, high = accuracy ? std::min(high + room, std::max(high, 0.0)) : high + room;
    axis_ = accuracy ? Axis{.low = high, .high = low, .begin = bottom, .end = top}
                     : Axis{.low = low, .high = high, .begin = bottom, .end = top};
    return;
  }
  if (plain.empty()) plain = {.low = 0, .high = 1};
  const double room =
      std::max({air * (plain.high - plain.low), 1e-3, 1e-6 * std::max(std::abs(plain.low), std::abs(plain.high))});
  double low = std::max(0.0, plain.low - room);
  double high = accuracy ? std::min(1.0, plain.high + room) : plain.high + room;
  if (low >= high) low = 0, high = 1;  // all figures are beyond what they cannot leave
  axis_ = {.low = low, .high = high, .begin = bottom, .end = top};
}

double ValueScale::place(double value, double least) const {
  if (!logarithmic_) return axis_(value);
  return axis_(std::log10(std::max(figure_ == Figure::accuracy ? 1 - value : value, least)));
}

std::vector<ValueScale::Tick> ValueScale::straight_ticks() const {
  const std::vector<double> levels = nib::ticks(axis_.low, axis_.high, wanted_ticks);
  const std::vector<std::string> labels = tick_labels(levels);
  std::vector<Tick> all;
  for (std::size_t i = 0; i < levels.size(); ++i) all.push_back({axis_(levels[i]), labels[i]});
  return all;
}

std::vector<ValueScale::Tick> ValueScale::logarithmic_ticks() const {
  const auto [low, high] = std::minmax(axis_.low, axis_.high);
  std::vector<Tick> all;
  for (const double number : logarithmic_numbers(std::pow(10, low), std::pow(10, high)))
    all.push_back({axis_(std::log10(number)), label_of(figure_, number)});
  return all;
}

std::vector<ValueScale::Tick> ValueScale::ticks() const {
  return logarithmic_ ? logarithmic_ticks() : straight_ticks();
}

}  // namespace nib
