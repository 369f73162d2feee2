#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace nib {

/// Checks that the outermost boxes of a HEIF file (ISO/IEC 14496-12, section 4.2) lie within it, so that most files
/// that were cut off are called so before any library sees them. What comes behind the boxes, as some phones write it,
/// is left out: the part of the file that is boxes is handed back. Throws Error (bad input) that names the box and its
/// byte.
std::span<const std::uint8_t> heif_boxes(std::span<const std::uint8_t> file, const std::string& source);

}  // namespace nib
