#pragma once

#include <cstdint>
#include <vector>

#include "images/several/page.h"
#include "images/several/pieces.h"

namespace nib {

inline constexpr std::size_t view_rows = 24, view_columns = 32;

/// A piece as it stands in its line, whose digits are `height` pixels high: a window of 1.5 x 2 heights about the
/// middle of its box, in which a digit is 16 pixels high. The piece's own ink is 255, ink beside it 96; each pixel is
/// the mean of what it covers. (row, column).
std::vector<std::uint8_t> view_of(const Piece& piece, const Page& page, double height);

}  // namespace nib
