#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "images/several/cuts.h"
#include "images/several/reading.h"
#include "images/several/text_lines.h"

namespace nib {

/// Where the digits of a line may begin, from left to right: the left sides of pieces and fragments, and seams of
/// pieces that may be more than one digit. `whole` are both from left to right, the pieces read.
std::vector<Border> borders_of(const TextLine& line, std::span<const FoundDigit> whole, const Page& page);

/// What is between two borders of a line, as one digit.
struct Candidate {
  std::size_t first = 0, last = 0;  ///< borders; `last` is their number for the line's end
  FoundDigit digit{};
  double cut_ink = 0;       ///< at the first border: stroke widths of ink that were cut
  double least_inside = 0;  ///< the least ink of the seams that it could be cut along; 0 where there is none
  bool joined = false;      ///< of pieces that do not touch
  bool left_out = false;    ///< no digit: a fragment that is a part of none, as a dash, a dot or dirt
};

/// All pairs of borders between which is a digit, or a part or several of them, or a fragment that may be left out, by
/// their first borders. A fragment joins what is near it, and may be a digit where it is no lower than flat ones are.
std::vector<Candidate> candidates_of(std::span<const Border> borders, std::span<const FoundDigit> whole, double height,
                                     std::size_t columns);

}  // namespace nib
