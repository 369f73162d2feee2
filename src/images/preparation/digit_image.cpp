#include "images/preparation/digit_image.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "images/preparation/pen.h"
#include "images/preparation/resample.h"

namespace nib {
namespace {

constexpr std::size_t drawing_side = 160;  ///< of the box in which the stroke is drawn anew

/// The stroke's box with a margin, drawn so that the box's larger side has `drawing_side` pixels.
Field drawn(const Field& ink, const Box& box) {
  constexpr double margin = 0.15;
  const double side = static_cast<double>(std::max(box.rows, box.columns)), around = margin * side;
  const Window window{static_cast<double>(box.row) - around, static_cast<double>(box.column) - around,
                      static_cast<double>(box.rows) + 2 * around, static_cast<double>(box.columns) + 2 * around};
  const double scale = static_cast<double>(drawing_side) / side;
  return resampled(ink, window, static_cast<std::size_t>(std::lround(window.rows * scale)),
                   static_cast<std::size_t>(std::lround(window.columns * scale)));
}

}  // namespace

Field ink_of_digit(const Field& ink, const Mask& digit, const Box& box, float core) {
  Field result = field_of(ink.rows, ink.columns);
  const std::size_t top = box.row > 0 ? box.row - 1 : 0, left = box.column > 0 ? box.column - 1 : 0;
  const std::size_t bottom = std::min(ink.rows, box.row + box.rows + 1),
                    right = std::min(ink.columns, box.column + box.columns + 1);
  // For each column whether the digit is in this row, the one above or the one below; nothing is beyond the mask.
  std::vector<std::uint8_t> around(digit.columns + 2);
  for (std::size_t row = top; row < bottom; ++row) {
    std::fill(around.begin(), around.end(), std::uint8_t{0});
    for (std::size_t y = row > 0 ? row - 1 : 0; y < std::min(ink.rows, row + 2); ++y) {
      const std::uint8_t* const pixels = digit.set.data() + y * digit.columns;
      for (std::size_t x = left > 0 ? left - 1 : 0; x < std::min(digit.columns, right + 1); ++x)
        around[x + 1] |= pixels[x];
    }
    for (std::size_t column = left; column < right; ++column)
      if (around[column] | around[column + 1] | around[column + 2])
        result.at(row, column) = std::clamp(ink.at(row, column) / core, 0.0F, 1.0F);
  }
  return result;
}

NetworkImage digit_image(const Field& alone, const Box& box, float edge, std::size_t rows, std::size_t columns) {
  return placed(with_usual_pen(drawn(alone, box), edge, drawing_side), rows, columns);
}

}  // namespace nib
