#pragma once

#include "images/several/reading.h"

namespace nib {

/// Neighbouring parts of a line as one digit.
struct Candidate {
  std::size_t first = 0, last = 0;  ///< parts [first, last)
  FoundDigit digit{};
  double cut_ink = 0;       ///< before it: stroke widths of ink that were cut, 0 for none
  double least_inside = 0;  ///< the least ink of the ways that its own parts could be cut along; 0 where there is none
  bool joined = false;      ///< of pieces that do not touch
};

/// What speaks against parts of a line being one digit: the costs of a semi-Markov conditional random field (S.
/// Sarawagi and W. Cohen, "Semi-Markov conditional random fields for information extraction", 2004). Of all ways to
/// divide a line one whose costs sum to C has a probability of exp(-C) over the sum of exp(-C) of all ways. The weights
/// make the right ways of the tuning lines likeliest (pages_test.cpp: all of pages 0 to 1,099 that have touching
/// digits, and half of the others, counted twice), with a penalty of 0.02 on their squares.
class Costs {
 public:
  /// `height` is typical for the digits of the line.
  explicit Costs(double height) : height_(height) {}

  /// Of the shape and of what is cut and joined: known before anything is read.
  double of_shape(const Candidate& candidate) const;
  /// Of the network's answer.
  double of_reading(const FoundDigit& digit) const;
  /// Of the extent alone, which is a part of of_shape().
  double of_box(const Box& box) const;

 private:
  double height_;
};

}  // namespace nib
