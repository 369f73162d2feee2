#pragma once

#include <cstdint>
#include <vector>

#include "images/preparation/field.h"

namespace nib {

/// An image as networks take it.
struct NetworkImage {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> pixels{};  ///< (row, column), 0 is background, 255 is full ink
};

/// By how many whole pixels to move along a side what has its centre of mass at `mass` (pixel i covers i to i + 1), so
/// that it comes into the first pixel beyond the middle.
double move_to_middle(double mass, std::size_t side);

/// Puts a stroke (0 to 1) into an image the way MNIST's were made (Y. LeCun, C. Cortes, C. Burges, "The MNIST
/// database of handwritten digits"): its box is fitted into 20 x 20 of 28 x 28 pixels, proportions kept, each pixel
/// the mean of the area it covers, and then moved by whole pixels so that its centre of mass comes into the first pixel
/// right of and below the middle: from 14 to 15, as measured of all 70,000 of MNIST's. Images of another size have a
/// box of 20/28 of it.
NetworkImage placed(const Field& stroke, std::size_t rows, std::size_t columns);

}  // namespace nib
