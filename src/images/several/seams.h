#pragma once

#include <cstddef>
#include <vector>

#include "images/several/pieces.h"

namespace nib {

/// A way from the top of a piece to its bottom along which it may be cut in two.
struct Seam {
  std::vector<std::size_t>
      columns{};     ///< one a row of the piece's box, from its left side: what is left of it goes left
  double ink = 0;    ///< pixels of ink that it goes through
  double cost = 0;   ///< of these, see seams_of()
  double place = 0;  ///< the mean column of that ink (of the whole seam where there is none)
};

/// The cheapest ways through a piece, from left to right of their places. A pixel of ink costs 1, a step aside 0.15.
/// Two strokes that touch along their sides are parted by no cheap way: in a second search the inner pixels of a run of
/// ink across that is wider than a stroke cost less. Two seams lie at least 0.12 of `height` from each other where they
/// go through ink (one of the second search 0.08 from all others), and none costs more than three strokes. `columns` is
/// of the page that the piece's pixels are counted in, `height` typical for its digits, `stroke` the width of their
/// strokes.
std::vector<Seam> seams_of(const Piece& piece, std::size_t columns, double height, double stroke);

}  // namespace nib
