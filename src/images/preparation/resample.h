#pragma once

#include "images/preparation/field.h"

namespace nib {

/// A part of an image whose edges may lie within pixels: pixel (r, c) covers [r, r + 1) x [c, c + 1).
struct Window {
  double row = 0, column = 0, rows = 0, columns = 0;
};

/// The window drawn with `rows` x `columns` pixels: the mean of the area that each covers where they are larger than
/// the old ones, else between the nearest old ones (bilinear). What lies outside the field counts as 0.
Field resampled(const Field& field, const Window& window, std::size_t rows, std::size_t columns);

}  // namespace nib
