#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "terminal/terminal.h"

namespace nib {

/// The text, or so much of it that it takes `width` columns with an ellipsis ("…", without UTF-8 "...").
std::string cut(std::string_view text, std::size_t width, bool utf8);

/// The text in a field of `width` columns; longer texts stay whole.
std::string align_left(std::string_view text, std::size_t width);
std::string align_right(std::string_view text, std::size_t width);
std::string centre(std::string_view text, std::size_t width);

/// Rows of cells, a line each, with two columns between; those of the columns `left` to the left, others to the right.
std::string aligned(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& left);

std::string repeated(std::string_view text, std::size_t times);

/// Breaks the lines of a text that are longer than `columns` between words; what follows a break begins `hang` columns
/// further in than its line does, though not beyond the middle. Words are never broken: one that is longer than the
/// line, such as a path, runs over its end. Escape sequences take no columns. A line that is being redrawn (with a
/// carriage return, or without an end yet) stays as it is.
std::string wrap(std::string_view text, std::size_t columns, std::size_t hang);

/// The text as a terminal should get it: wrapped to its width; anything but a terminal gets it as it is.
std::string fitted(std::string_view text, const Terminal& terminal, std::size_t hang = 2);

/// Styles of a colour terminal, as ECMA-48 "select graphic rendition" numbers them.
inline constexpr std::string_view bold = "1", dim = "2", bold_red = "1;31", green = "32", white = "37";

/// The text in a style where the terminal has colour, else as it is.
std::string styled(std::string_view text, std::string_view style, const Terminal& terminal);

}  // namespace nib
