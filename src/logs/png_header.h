#pragma once

#include <cstdint>
#include <span>

namespace nib {

struct PngHeader {
  std::uint32_t width = 0, height = 0;  ///< pixels
  unsigned channels = 0;                ///< of the decoded picture: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
};

/// What the header chunk (IHDR) of a PNG file says (PNG specification, section 11.2.1). Throws std::invalid_argument
/// for bytes that do not begin as a PNG file does: nib logs only pictures of its own.
PngHeader png_header(std::span<const std::uint8_t> file);

}  // namespace nib
