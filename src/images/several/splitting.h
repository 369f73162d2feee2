#pragma once

#include <vector>

#include "images/several/candidates.h"
#include "images/several/reading.h"
#include "images/several/text_lines.h"

namespace nib {

/// All digits that a line may have, and fragments that may be left out.
struct Ways {
  std::size_t borders = 0;  ///< a way is candidates one behind the other from border 0 to this
  std::vector<Candidate> candidates{};
  std::size_t left_out = 0;  ///< further fragments: they are near nothing
};

/// Of a line that has pieces. Those that may be digits by their shape and looks are read.
Ways ways_to_divide(const TextLine& line, const PieceReader& reader);

/// A line's digits from left to right.
struct DividedLine {
  std::vector<FoundDigit> digits{};
  std::size_t left_out = 0;  ///< fragments that are a part of no digit: dashes, dots, dirt
};

/// Divides a line, which has pieces, into digits by recognising them. Pieces are cut along all ways on which digits may
/// touch (seams.h); what lies between two cuts, or ends of pieces and fragments, is looked at (looks.h) and, where that
/// may be a digit, read; a fragment may also be left out. Of all ways through the line from cut to cut the one is taken
/// whose costs (costs.h) have the least sum.
DividedLine digits_of(const TextLine& line, const PieceReader& reader);

}  // namespace nib
