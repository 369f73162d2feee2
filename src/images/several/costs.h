#pragma once

#include <array>
#include <cstddef>

#include "images/several/candidates.h"

namespace nib {

/// What is counted of a candidate. Lengths are in heights of the line's digits.
enum class Figure : std::size_t {
  looks,          ///< the cost of what it looks like, see looks.h
  digit,          ///< 1: that a line has many digits may speak for it
  wide,           ///< width beyond 0.85, at most 0.2: some write a 2 or a 5 much wider than high
  wider,          ///< width beyond 1.05, at most 0.2
  low,            ///< height below 0.85
  tall,           ///< height beyond 1.1
  cut,            ///< 1 where it begins at a seam
  cut_ink,        ///< stroke widths of ink that this seam goes through, at most 6
  joined,         ///< 1 for pieces that do not touch
  thin_inside,    ///< stroke widths by which a seam within is below 1.3
  unlikely,       ///< -log of the likeliest class's probability, at most 8
  narrow,         ///< width below 0.5 of what is read as no 1
  one,            ///< 1 for what is read as a 1, which half a digit often is
  four,           ///< 1 for a 4, which falls into halves
  left_out,       ///< 1 for a fragment that is a part of no digit; none of the others counts for it
  left_out_size,  ///< the larger one of its width and height
};
inline constexpr std::size_t figure_count = static_cast<std::size_t>(Figure::left_out_size) + 1;
using Figures = std::array<double, figure_count>;

/// What speaks against parts of a line being one digit: the costs of a semi-Markov conditional random field (S.
/// Sarawagi and W. Cohen, "Semi-Markov conditional random fields for information extraction", 2004). Of all ways to
/// divide a line one whose costs sum to C has a probability of exp(-C) over the sum of exp(-C) of all ways. Costs are
/// weighted figures; the weights make good ways of tuning lines likeliest, see build/tests/several_fit costs.
class Costs {
 public:
  /// `height` is typical for the digits of the line.
  explicit Costs(double height) : height_(height) {}

  /// Of the shape, of what it looks like, if it was looked at, and of what is cut and joined: known before it is read.
  Figures of_shape(const Candidate& candidate) const;
  /// Whether its shape is not so unlikely that it need not be looked at.
  bool worth_looking(const Candidate& candidate) const;
  /// Whether its shape and its looks are not so unlikely that it need not be read.
  bool worth_reading(const Candidate& candidate) const;
  /// Of what was read. Those of classes only where there are ten.
  Figures of_reading(const FoundDigit& digit) const;

 private:
  Figures of_fragment(const Box& box) const;

  double height_;
};

double cost(const Figures& figures);

}  // namespace nib
