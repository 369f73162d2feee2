#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "images/decoding/decode.h"

namespace nib {

/// decode_image for a file that begins as a WebP does: lossy (VP8) and lossless (VP8L), with or without transparency.
/// Animations are refused. What has more than largest_decoded_side rows or columns is reduced by libwebp while it
/// decodes, to the size that the smallest whole factor gives. Where nib was built without libwebp the error of a file
/// of a foreign format.
GreyImage decode_webp(std::span<const std::uint8_t> bytes, const std::string& source);

/// libwebp keeps four bytes a pixel of a lossless file while it decodes it: 160 MiB.
inline constexpr std::uint64_t largest_lossless_webp = std::uint64_t{40} << 20;  ///< pixels

/// "libwebp 1.2.4"; empty in a program that was built without it.
std::string webp_library();

/// What to do where it is not there.
std::string fix_of_webp_library();

}  // namespace nib
