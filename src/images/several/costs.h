#pragma once

#include <array>
#include <cstddef>

#include "images/several/candidates.h"

namespace nib {

/// What is counted of a candidate. Lengths are in heights of the line's digits.
enum class Figure : std::size_t {
  no_whole,     ///< -log of the probability that it is a whole digit, see whole_digit.h
  whole,        ///< the log of the odds of that, held to -3 to 3
  digit,        ///< 1: that a line has many digits may speak for it
  wide,         ///< width beyond 0.85
  wider,        ///< width beyond 1.05
  low,          ///< height below 0.85
  tall,         ///< height beyond 1.1
  cut,          ///< 1 where it begins at a seam
  cut_ink,      ///< stroke widths of ink that this seam goes through, at most 6
  joined,       ///< 1 for pieces that do not touch
  thin_inside,  ///< stroke widths by which a seam within is below 1.3
  unlikely,     ///< -log of the likeliest class's probability, at most 8
  narrow,       ///< width below 0.5 of what is read as no 1
  one,          ///< 1 for what is read as a 1, which half a digit often is
  four,         ///< 1 for a 4, which falls into halves
};
inline constexpr std::size_t figure_count = static_cast<std::size_t>(Figure::four) + 1;
using Figures = std::array<double, figure_count>;

/// What speaks against parts of a line being one digit: the costs of a semi-Markov conditional random field (S.
/// Sarawagi and W. Cohen, "Semi-Markov conditional random fields for information extraction", 2004). Of all ways to
/// divide a line one whose costs sum to C has a probability of exp(-C) over the sum of exp(-C) of all ways. Costs are
/// weighted figures; the weights make the right ways of tuning lines likeliest, see build/tests/several_fit costs.
class Costs {
 public:
  /// `height` is typical for the digits of the line.
  explicit Costs(double height) : height_(height) {}

  /// Of the shape, of what it looks like, if it was looked at, and of what is cut and joined: known before it is read.
  Figures of_shape(const Candidate& candidate) const;
  /// Whether its shape, and its looks, are not so unlikely that it need not be read.
  bool worth_reading(const Candidate& candidate) const;
  /// Of what was read. Those of classes only where there are ten.
  Figures of_reading(const FoundDigit& digit) const;
  /// Of a digit that was read, by its extent and its reading alone: for what lies apart from all seams.
  double of_digit(const FoundDigit& digit) const;

 private:
  Figures of_extent(const FoundDigit& digit) const;

  double height_;
};

double cost(const Figures& figures);

}  // namespace nib
