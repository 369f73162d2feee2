#pragma once

#include "images/decoding/decode.h"

namespace nib::styles {

/// The image as it comes back from a grey JPEG file of the given quality (1 to 100, as libjpeg counts).
GreyImage through_jpeg(const GreyImage& image, int quality);

}  // namespace nib::styles
