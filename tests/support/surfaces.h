#pragma once

#include "images/preparation/field.h"
#include "support/canvas.h"

namespace nib::styles {

/// Paper that nobody wrote on: plain, ruled, squared, with a soft edge of shadow, a fold, or specks.
Field blank_surface(std::size_t rows, std::size_t columns, PictureRandom& random);

/// Cloth, wood, stone, bricks, stripes, dots or scribble, with 10 to 100 % of an ink's strength.
Field texture(std::size_t rows, std::size_t columns, PictureRandom& random);

}  // namespace nib::styles
