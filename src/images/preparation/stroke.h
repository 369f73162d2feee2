#pragma once

#include "images/preparation/mask.h"

namespace nib {

/// The pieces of ink that were taken for the digit.
struct Stroke {
  Mask mask{};
  Box box{};  ///< of all its pieces
  std::size_t pixels = 0;
  std::size_t pieces = 0;
  bool touches_border = false;  ///< of the image
  bool has_neighbours = false;  ///< something else of its kind stands beside it or far from it
};

/// Chooses the stroke among the connected pieces of a mask: the largest piece, one that does not touch the image's
/// border before one that does, and what lies near it, as the bar of a 5 may. Specks, pieces far away and further
/// digits are left out. `pixels` is 0 where there is none.
Stroke choose_stroke(const Mask& mask);

}  // namespace nib
