#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "images/decoding/decode.h"

namespace nib {

/// decode_image for a file that begins as a HEIC or other HEIF file does: its primary image, with grids of tiles, 8 or
/// more bits, cropped, turned and mirrored as the file says. EXIF's orientation says the same again and does not count.
///
/// libheif decodes it in a process of its own (see limited_child.h), as damaged files have made such decoders crash
/// often; what comes back is checked again. Where nib was built without libheif, or it is not there, the error of a
/// file of a foreign format. Throws Error (io) where no process can be started.
GreyImage decode_heif(std::span<const std::uint8_t> bytes, const std::string& source);

// Of the process that decodes:
inline constexpr std::uint64_t most_heif_memory = std::uint64_t{1} << 30;  ///< bytes
inline constexpr unsigned most_heif_seconds = 15;                          ///< of processor time

/// "libheif 1.15.1", which is loaded for it; empty where there is none or nib was built without it.
std::string heif_library();

/// What to do where it is not there, or has no decoder for what phones write (HEVC); empty where all is well.
std::string fix_of_heif_library();

}  // namespace nib
