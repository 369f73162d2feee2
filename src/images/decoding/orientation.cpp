#include "images/decoding/orientation.h"

#include <utility>
#include <vector>

namespace nib {

namespace {

/// A plane (row, column), and its size after it.
std::vector<std::uint8_t> turned(const std::vector<std::uint8_t>& plane, std::size_t& rows, std::size_t& columns,
                                 Orientation orientation) {
  const std::size_t old_rows = rows, old_columns = columns;
  const bool transposed = orientation >= 5;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  if (transposed) std::swap(rows, columns);
  std::vector<std::uint8_t> result;
  result.reserve(plane.size());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t down = transposed ? column : row, right = transposed ? row : column;
      result.push_back(plane[(from_bottom ? old_rows - 1 - down : down) * old_columns +
                             (from_right ? old_columns - 1 - right : right)]);
    }
  return result;
}

}  // namespace

GreyImage turned_upright(GreyImage image, Orientation orientation) {
  if (orientation == upright) return image;
  image.light = turned(image.light, image.rows, image.columns, orientation);
  Colours& colours = image.colours;
  std::size_t rows = colours.rows, columns = colours.columns;
  colours.blue = turned(colours.blue, rows, columns, orientation);
  colours.red = turned(colours.red, colours.rows, colours.columns, orientation);
  return image;
}

}  // namespace nib
