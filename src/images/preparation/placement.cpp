#include "images/preparation/placement.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "images/preparation/resample.h"

namespace nib {
namespace {

/// The smallest window with all the ink in it.
Window box_of(const Field& stroke) {
  constexpr float some_ink = 0.5F;
  std::size_t top = stroke.rows, bottom = 0, left = stroke.columns, right = 0;
  std::vector<std::uint8_t> inked(stroke.columns);
  for (std::size_t row = 0; row < stroke.rows; ++row) {
    const float* const values = stroke.row(row).data();
    std::uint8_t any = 0;
    for (std::size_t column = 0; column < inked.size(); ++column) {
      const std::uint8_t ink = values[column] >= some_ink ? 1 : 0;
      inked[column] |= ink;
      any |= ink;
    }
    if (!any) continue;
    top = std::min(top, row);
    bottom = row + 1;
  }
  for (std::size_t column = 0; column < inked.size(); ++column) {
    if (!inked[column]) continue;
    left = std::min(left, column);
    right = column + 1;
  }
  return {static_cast<double>(top), static_cast<double>(left), static_cast<double>(bottom - top),
          static_cast<double>(right - left)};
}

/// Where to begin so that `mass`, the centre of mass along one side, comes into the first pixel beyond the middle and
/// all of `length` stays inside `side`.
std::size_t begin_of(double mass, std::size_t length, std::size_t side) {
  return static_cast<std::size_t>(std::clamp(move_to_middle(mass, side), 0.0, static_cast<double>(side - length)));
}

std::size_t whole(double length, std::size_t most) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(length)), 1, most);
}

}  // namespace

double move_to_middle(double mass, std::size_t side) {
  constexpr double rounding = 1e-6;  // of sums: what lies evenly about the middle is not moved
  return std::ceil(static_cast<double>(side) / 2 - mass - rounding);
}

NetworkImage placed(const Field& stroke, std::size_t rows, std::size_t columns) {
  constexpr double box_part = 20.0 / 28.0;
  const Window box = box_of(stroke);
  const double scale =
      std::min(box_part * static_cast<double>(rows) / box.rows, box_part * static_cast<double>(columns) / box.columns);
  const Field small = resampled(stroke, box, whole(box.rows * scale, rows), whole(box.columns * scale, columns));
  double sum = 0, down = 0, across = 0;
  for (std::size_t row = 0; row < small.rows; ++row)
    for (std::size_t column = 0; column < small.columns; ++column) {
      const double ink = small.at(row, column);
      sum += ink;
      down += ink * (static_cast<double>(row) + 0.5);
      across += ink * (static_cast<double>(column) + 0.5);
    }
  const std::size_t top = begin_of(down / sum, small.rows, rows), left = begin_of(across / sum, small.columns, columns);
  NetworkImage image{rows, columns, std::vector<std::uint8_t>(rows * columns)};
  for (std::size_t row = 0; row < small.rows; ++row)
    for (std::size_t column = 0; column < small.columns; ++column)
      image.pixels[(top + row) * columns + left + column] =
          static_cast<std::uint8_t>(std::lround(std::clamp(small.at(row, column), 0.0F, 1.0F) * 255));
  return image;
}

}  // namespace nib
