#include "images/several/costs.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

/// What each counts.
struct Weights {
  double unlikely;           ///< -log of the likeliest class's probability
  double digit;              ///< each digit: that a line has many speaks for it
  double wide, wider;        ///< heights beyond 0.85, and beyond 1.05
  double narrow, low, tall;  ///< below 0.5 (of all classes but 1), below 0.85, beyond 1.1
  double cut, cut_ink;       ///< a cut, and each stroke width of ink that it went through
  double join;               ///< pieces that do not touch
  double thin_inside;        ///< stroke widths by which a cut within would be below 1.3
  double one, four;          ///< what is read as a 1 is often half a digit; a 4 falls into two halves
};
constexpr Weights weights = {.unlikely = 4.02,
                             .digit = -2.38,
                             .wide = 7.35,
                             .wider = 10.16,
                             .narrow = 6.97,
                             .low = 22.82,
                             .tall = 5.67,
                             .cut = 2.77,
                             .cut_ink = 2.24,
                             .join = 1.98,
                             .thin_inside = 0.92,
                             .one = 0.86,
                             .four = -0.61};

constexpr double least_probability = 1e-6, most_unlikely = 8;
constexpr std::size_t classes_of_digits = 10, class_one = 1, class_four = 4;

double beyond(double value, double limit) { return std::max(0.0, value - limit); }

}  // namespace

double Costs::of_box(const Box& box) const {
  const double width = static_cast<double>(box.columns) / height_, high = static_cast<double>(box.rows) / height_;
  return weights.wide * beyond(width, 0.85) + weights.wider * beyond(width, 1.05) + weights.low * beyond(0.85, high) +
         weights.tall * beyond(high, 1.1);
}

double Costs::of_shape(const Candidate& candidate) const {
  constexpr double most_cut = 6, thick_enough = 1.3;
  double cost = of_box(candidate.digit.piece.box) + weights.digit;
  if (candidate.cut_ink > 0) cost += weights.cut + weights.cut_ink * std::min(candidate.cut_ink, most_cut);
  if (candidate.joined) cost += weights.join;
  if (candidate.least_inside > 0) cost += weights.thin_inside * beyond(thick_enough, candidate.least_inside);
  return cost;
}

double Costs::of_reading(const FoundDigit& digit) const {
  const auto likeliest = std::ranges::max_element(digit.probabilities);
  const double unlikely = -std::log(std::max(least_probability, static_cast<double>(*likeliest)));
  double cost = weights.unlikely * std::min(unlikely, most_unlikely);
  if (digit.probabilities.size() != classes_of_digits) return cost;
  const auto found = static_cast<std::size_t>(likeliest - digit.probabilities.begin());
  if (found == class_one) return cost + weights.one;
  const double width = static_cast<double>(digit.piece.box.columns) / height_;
  return cost + weights.narrow * beyond(0.5, width) + (found == class_four ? weights.four : 0);
}

}  // namespace nib
