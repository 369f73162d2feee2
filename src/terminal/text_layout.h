#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "terminal/terminal.h"

namespace nib {

/// The text, or so much of it that it takes `width` columns with an ellipsis ("…", without UTF-8 "...").
std::string cut(std::string_view text, std::size_t width, bool utf8);

/// The text in a field of `width` columns; longer texts stay whole.
std::string align_left(std::string_view text, std::size_t width);
std::string align_right(std::string_view text, std::size_t width);
std::string centre(std::string_view text, std::size_t width);

std::string repeated(std::string_view text, std::size_t times);

/// Styles of a colour terminal, as ECMA-48 "select graphic rendition" numbers them.
inline constexpr std::string_view bold = "1", dim = "2", bold_red = "1;31", green = "32", white = "37";

/// The text in a style where the terminal has colour, else as it is.
std::string styled(std::string_view text, std::string_view style, const Terminal& terminal);

}  // namespace nib
