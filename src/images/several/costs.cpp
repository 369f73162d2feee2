#include "images/several/costs.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nib {
namespace {

constexpr Figures weights = {
    0.25,   // no_whole
    -0.38,  // whole
    -4.34,  // digit
    -0.12,  // wide
    1.95,   // wider
    11.42,  // low
    5.97,   // tall
    3.60,   // cut
    0.08,   // cut_ink
    0.75,   // joined
    1.17,   // thin_inside
    1.73,   // unlikely
    5.08,   // narrow
    1.18,   // one
    -0.96,  // four
};

constexpr std::size_t classes_of_digits = 10, class_one = 1, class_four = 4;

double beyond(double value, double limit) { return std::max(0.0, value - limit); }

double& at(Figures& figures, Figure figure) { return figures[static_cast<std::size_t>(figure)]; }

}  // namespace

double cost(const Figures& figures) { return std::inner_product(figures.begin(), figures.end(), weights.begin(), 0.0); }

Figures Costs::of_extent(const FoundDigit& digit) const {
  const Box& box = digit.piece.box;
  const double width = static_cast<double>(box.columns) / height_, high = static_cast<double>(box.rows) / height_;
  Figures figures{};
  at(figures, Figure::wide) = beyond(width, 0.85);
  at(figures, Figure::wider) = beyond(width, 1.05);
  at(figures, Figure::low) = beyond(0.85, high);
  at(figures, Figure::tall) = beyond(high, 1.1);
  if (digit.whole) {
    constexpr double sure = 3;
    at(figures, Figure::no_whole) = std::log1p(std::exp(-*digit.whole));
    at(figures, Figure::whole) = std::clamp(*digit.whole, -sure, sure);
  }
  return figures;
}

Figures Costs::of_shape(const Candidate& candidate) const {
  constexpr double most_cut = 6, thick_enough = 1.3;
  Figures figures = of_extent(candidate.digit);
  at(figures, Figure::digit) = 1;
  at(figures, Figure::cut) = candidate.cut_ink > 0;
  at(figures, Figure::cut_ink) = std::min(candidate.cut_ink, most_cut);
  at(figures, Figure::joined) = candidate.joined;
  if (candidate.least_inside > 0) at(figures, Figure::thin_inside) = beyond(thick_enough, candidate.least_inside);
  return figures;
}

bool Costs::worth_reading(const Candidate& candidate) const {
  constexpr double never_mind = 2.5;  // of the right ones of the tuning lines one in 200 costs more
  return cost(of_shape(candidate)) < never_mind;
}

Figures Costs::of_reading(const FoundDigit& digit) const {
  constexpr double least_probability = 1e-6, most_unlikely = 8;
  const auto likeliest = std::ranges::max_element(digit.probabilities);
  const double unlikely = -std::log(std::max(least_probability, static_cast<double>(*likeliest)));
  Figures figures{};
  at(figures, Figure::unlikely) = std::min(unlikely, most_unlikely);
  if (digit.probabilities.size() != classes_of_digits) return figures;
  const auto found = static_cast<std::size_t>(likeliest - digit.probabilities.begin());
  at(figures, Figure::one) = found == class_one;
  at(figures, Figure::four) = found == class_four;
  if (found != class_one)
    at(figures, Figure::narrow) = beyond(0.5, static_cast<double>(digit.piece.box.columns) / height_);
  return figures;
}

double Costs::of_digit(const FoundDigit& digit) const { return cost(of_extent(digit)) + cost(of_reading(digit)); }

}  // namespace nib
