#pragma once

#include <string>

#include "drawing/drawing.h"

namespace nib {

/// The drawing as an SVG document, which can also stand inside a HTML page: text is text, every id begins with the
/// drawing's name, colours are attributes (so that style sheets override them) beside the classes of their roles.
std::string to_svg(const Drawing& drawing);

}  // namespace nib
