#pragma once

#include <cstdint>
#include <span>

#include "score/random.h"

namespace nib {

/// Makes of an image of the data set what preparation would have made of a picture of it, whose pen was wider or
/// narrower: the contour at 12 to 70 % of its fullest ink, of its pixels' bilinear interpolation, filled; its box
/// fitted into whole pixels, 20/28 of the image; each pixel is the mean of 4 x 4 points; centred by mass.
void redraw(Random& random, std::uint32_t rows, std::uint32_t columns, std::span<std::uint8_t> pixels);

}  // namespace nib
