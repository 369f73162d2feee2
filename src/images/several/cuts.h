#pragma once

#include <vector>

#include "images/several/pieces.h"

namespace nib {

/// The smallest parts of a line that a digit may be put together of, from left to right.
struct Atoms {
  std::vector<Piece> pieces{};
  std::vector<double> cut_ink{};  ///< before each piece: pixels of ink that were cut there, 0 between components
};

/// Cuts a piece along its seams (seams.h) into what lies between them. `height` is typical for the line's digits,
/// `stroke` the width of its strokes, `columns` of the page.
Atoms cut(const Piece& piece, double height, double stroke, std::size_t columns);

/// Width of the strokes: twice the pixels over the outline's length.
double stroke_width(const std::vector<Piece>& pieces, const Mask& mask);

}  // namespace nib
