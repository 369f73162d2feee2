#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "images/decoding/decode.h"
#include "images/decoding/heif_library.h"

namespace nib {

/// The primary image of a HEIF file as libheif decodes it, in this process. Throws Error (bad input) in libheif's
/// words, and for an image over the limits of decode.h, which is seen before it is decoded.
GreyImage heif_picture(const HeifLibrary& library, std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib
