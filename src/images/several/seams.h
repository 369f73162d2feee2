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
  double place = 0;  ///< the mean column of that ink (of the whole seam where there is none)
};

/// The cheapest ways through a piece, from left to right: a pixel of ink costs 1, a step aside 0.15. Two seams lie at
/// least `apart` columns from each other where they go through ink, and none goes through more than `most_ink` pixels.
/// `columns` is of the page that the piece's pixels are counted in.
std::vector<Seam> seams_of(const Piece& piece, std::size_t columns, double apart, double most_ink);

}  // namespace nib
