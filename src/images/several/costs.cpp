#include "images/several/costs.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nib {
namespace {

constexpr Figures weights = {
    1.24,   // looks
    0.17,   // digit
    5.68,   // wide
    13.78,  // wider
    1.46,   // low
    2.01,   // tall
    1.89,   // cut
    0.81,   // cut_ink
    2.88,   // joined
    0.40,   // thin_inside
    1.09,   // unlikely
    1.88,   // narrow
    0.47,   // one
    -0.53,  // four
    4.10,   // left_out
    6.55,   // left_out_size
};

constexpr std::size_t classes_of_digits = 10, class_one = 1, class_four = 4;

double beyond(double value, double limit) { return std::max(0.0, value - limit); }

double& at(Figures& figures, Figure figure) { return figures[static_cast<std::size_t>(figure)]; }

}  // namespace

double cost(const Figures& figures) { return std::inner_product(figures.begin(), figures.end(), weights.begin(), 0.0); }

Figures Costs::of_fragment(const Box& box) const {
  Figures figures{};
  at(figures, Figure::left_out) = 1;
  at(figures, Figure::left_out_size) = static_cast<double>(std::max(box.rows, box.columns)) / height_;
  return figures;
}

Figures Costs::of_shape(const Candidate& candidate) const {
  constexpr double most_cut = 6, thick_enough = 1.3, most_wide = 0.2;
  if (candidate.left_out) return of_fragment(candidate.digit.piece.box);
  const Box& box = candidate.digit.piece.box;
  const double width = static_cast<double>(box.columns) / height_, high = static_cast<double>(box.rows) / height_;
  Figures figures{};
  at(figures, Figure::wide) = std::min(beyond(width, 0.85), most_wide);
  at(figures, Figure::wider) = std::min(beyond(width, 1.05), most_wide);
  at(figures, Figure::low) = beyond(0.85, high);
  at(figures, Figure::tall) = beyond(high, 1.1);
  if (candidate.digit.looks) at(figures, Figure::looks) = candidate.digit.looks->cost;
  at(figures, Figure::digit) = 1;
  at(figures, Figure::cut) = candidate.cut_ink > 0;
  at(figures, Figure::cut_ink) = std::min(candidate.cut_ink, most_cut);
  at(figures, Figure::joined) = candidate.joined;
  if (candidate.least_inside > 0) at(figures, Figure::thin_inside) = beyond(thick_enough, candidate.least_inside);
  return figures;
}

bool Costs::worth_looking(const Candidate& candidate) const {
  constexpr double never_mind = 6;  // one in 500 right ones costs more; with a looser limit lines come out no better
  return !candidate.left_out && cost(of_shape(candidate)) < never_mind;
}

bool Costs::worth_reading(const Candidate& candidate) const {
  constexpr double never_mind = 9;  // no right one of 2,000 tuning lines that was looked at costs more
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

}  // namespace nib
