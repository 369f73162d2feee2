#pragma once

#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "encodings/json.h"
#include "inference/own_image.h"
#include "terminal/terminal.h"

namespace nib {

/// Name, size and polarity; what the network saw, beside it (where the terminal is too narrow below it) the likeliest
/// classes; the warnings.
std::string own_image_text(const OwnImage& image, const std::vector<std::string>& class_names,
                           const Terminal& terminal);

/// See docs/json.md.
Json own_image_json(const OwnImage& image, const std::vector<std::string>& class_names);

/// The steps of the preparation in a row, and the likeliest classes with a bar each.
Drawing own_image_picture(const OwnImage& image, const std::vector<std::string>& class_names);

}  // namespace nib
