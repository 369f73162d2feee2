#pragma once

#include <string_view>

namespace nib {

/// About how wide a text is in the pictures' typeface, rather more than less.
double estimated_width(std::string_view text, double size);

/// `size`, or less where the text would be wider than `width`.
double fitting_size(std::string_view text, double width, double size);

}  // namespace nib
