#pragma once

#include "images/decoding/decode.h"
#include "images/decoding/exif.h"

namespace nib {

/// Turns and mirrors an image so that it is seen as it was meant: undoes what EXIF's orientation says.
GreyImage turned_upright(GreyImage image, Orientation orientation);

}  // namespace nib
