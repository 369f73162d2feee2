#pragma once

#include <string_view>

namespace nib {

/// draw.css, body.html and the scripts, one behind the other, put into the program when it is built.
extern const std::string_view draw_style;
extern const std::string_view draw_body;
extern const std::string_view draw_script;

}  // namespace nib
