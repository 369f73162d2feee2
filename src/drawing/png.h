#pragma once

#include <cstdint>
#include <vector>

#include "drawing/drawing.h"

namespace nib {

/// The drawing as a PNG file on white paper, `scale` pixels a unit (Cairo). Throws Error (io) where the font of a text
/// cannot be read.
std::vector<std::uint8_t> to_png(const Drawing& drawing, double scale = 2);

}  // namespace nib
