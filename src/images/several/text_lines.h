#pragma once

#include <vector>

#include "images/several/pieces.h"

namespace nib {

/// Pieces of one line of writing.
struct TextLine {
  std::vector<Piece> pieces{};     ///< as high as digits, from left to right by their middles
  std::vector<Piece> fragments{};  ///< lower than half a digit: the bar of a 5 that stands apart, dashes, dirt
  double height = 0;               ///< typical of its digits, in pixels
};

/// Sorts pieces into lines, from top to bottom. A piece belongs to the line whose last piece to its left shares at
/// least 45 % of the lower one's rows; so a line may slope. Low pieces above each other that together are as high as a
/// digit are one; the others are fragments, each of the line whose digit is nearest, unless they are specks (14 % of a
/// digit's height). `page_columns` is of the page.
std::vector<TextLine> text_lines(std::vector<Piece> pieces, std::size_t page_columns);

}  // namespace nib
