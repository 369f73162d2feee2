#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "images/decoding/decode.h"

namespace nib {

/// decode_image for a file that begins as a JPEG does. Grey and YCbCr, RGB, and CMYK and YCCK, whose inks count from
/// 255 where Adobe's marker stands and from 0 elsewhere; sequential and progressive, of at most most_jpeg_scans scans.
/// What libjpeg warns of as damage is an error.
GreyImage decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& source);

inline constexpr int most_jpeg_scans = 100;           ///< usual programs write about 10
inline constexpr long most_jpeg_memory = 160L << 20;  ///< bytes for the coefficients of a progressive file

}  // namespace nib
