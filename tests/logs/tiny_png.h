#pragma once

#include <cstdint>
#include <vector>

namespace nib {

/// The chunks around the pixels of a PNG file, 3 pixels wide and 2 high, 8 bits a channel, of a colour type (0 grey, 2
/// RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha). Checksums are not filled in: nobody here decodes it.
std::vector<std::uint8_t> tiny_png(std::uint8_t colour_type);

}  // namespace nib
