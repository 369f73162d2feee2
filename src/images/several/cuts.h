#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "images/several/pieces.h"
#include "images/several/seams.h"

namespace nib {

/// Where a digit may begin: at a piece's left side or, where it is cut, behind a seam.
struct Border {
  std::size_t piece = 0;       ///< of the line
  std::optional<Seam> seam{};  ///< none at its left side
  double ink = 0;              ///< stroke widths of ink that are cut here
};

/// What of `piece` is right of one seam and left of another (null: of everything). It may have no pixels. `columns` is
/// of the page.
Piece between(const Piece& piece, const Seam* left, const Seam* right, std::size_t columns);

/// Width of the strokes: twice the pixels over the outline's length.
double stroke_width(std::span<const Piece> pieces, const Mask& mask);

}  // namespace nib
