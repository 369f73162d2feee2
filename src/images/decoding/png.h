#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "images/decoding/decode.h"

namespace nib {

/// decode_image for a file that begins with PNG's signature.
GreyImage decode_png(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib
