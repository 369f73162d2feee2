#include "images/decoding/orientation.h"

#include <utility>

namespace nib {

GreyImage turned_upright(GreyImage image, Orientation orientation) {
  if (orientation == upright) return image;
  const bool transposed = orientation >= 5;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  GreyImage turned{.rows = image.rows, .columns = image.columns, .coloured = image.coloured};
  if (transposed) std::swap(turned.rows, turned.columns);
  turned.light.reserve(image.light.size());
  for (std::size_t row = 0; row < turned.rows; ++row)
    for (std::size_t column = 0; column < turned.columns; ++column) {
      const std::size_t down = transposed ? column : row, right = transposed ? row : column;
      turned.light.push_back(
          image.at(from_bottom ? image.rows - 1 - down : down, from_right ? image.columns - 1 - right : right));
    }
  return turned;
}

}  // namespace nib
