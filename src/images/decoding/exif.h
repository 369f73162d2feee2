#pragma once

#include <cstdint>
#include <span>

namespace nib {

/// How an image is turned by EXIF's tag 0x0112 (EXIF 2.3, section 4.6.4): 1 to 8, 1 is upright.
using Orientation = unsigned;
inline constexpr Orientation upright = 1;

/// The orientation in EXIF data, which begin with a TIFF header ("II" or "MM"); upright where there is none or where
/// the data make no sense. Only the first directory is looked at.
Orientation exif_orientation(std::span<const std::uint8_t> exif);

/// The same for the content of a JPEG's APP1 segment, which holds EXIF data when it begins with "Exif" and two zeros.
Orientation app1_orientation(std::span<const std::uint8_t> segment);

}  // namespace nib
