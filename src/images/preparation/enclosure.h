#pragma once

#include <optional>

#include "images/preparation/mask.h"

namespace nib {

/// Where a digit stands inside of something drawn: the box of a form, a circle, a cell of a table or a sudoku, a frame.
struct Enclosure {
  Mask inside{};         ///< the pixels within the outline, those of the digit too
  bool several = false;  ///< other cells have something in them as well
};

/// Finds the innermost outline that has ink of its own inside: a hole in a piece of ink that holds other pieces, of
/// which the largest is as high or wide as a quarter of the hole. A 0 and an 8 have nothing in their holes, or specks.
/// Of several such holes the one with the most ink is taken.
std::optional<Enclosure> find_enclosure(const Mask& ink);

}  // namespace nib
