#pragma once

#include <vector>

#include "images/several/pieces.h"

namespace nib {

/// Pieces of one line of writing.
struct TextLine {
  std::vector<Piece> pieces{};     ///< at least half as high as digits, from left to right by their middles
  std::vector<Piece> fragments{};  ///< lower than half a digit: the bar of a 5 that stands apart, dashes, dirt
  double height = 0;               ///< typical of its digits, in pixels
};

/// Lower than half of a line's height: it is a fragment.
bool is_low(const Piece& piece, double height);

/// Some write a 2 or an 8 so flat that it is lower than half of the others. Bars and dashes are lower still.
bool may_be_a_flat_digit(const Piece& fragment, double height);

/// Whether a fragment comes so near to something that it may be a part of it: within 0.3 of a digit's height. `columns`
/// is of the page.
bool may_be_parts(const Piece& one, const Piece& other, double height, std::size_t columns);

/// Sorts pieces into lines, from top to bottom. A piece belongs to the line whose last piece to its left shares at
/// least 45 % of the lower one's rows; so a line may slope. Low pieces above each other that together are as high as a
/// digit are one; the others are fragments, each of the line whose digit is nearest, unless they are specks (14 % of a
/// digit's height). Halves of a digit, above each other, are one piece. `page_columns` is of the page.
std::vector<TextLine> text_lines(std::vector<Piece> pieces, std::size_t page_columns);

}  // namespace nib
