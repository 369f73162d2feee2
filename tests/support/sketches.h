#pragma once

#include "images/preparation/field.h"
#include "support/canvas.h"

namespace nib::styles {

/// One of 16 small drawings, such as a house, a face, a star, a tree, on a square sheet.
Field sketched(std::size_t side, PictureRandom& random);

}  // namespace nib::styles
