#include "images/several/view.h"

#include <algorithm>
#include <cmath>

#include "images/preparation/resample.h"

namespace nib {

std::vector<std::uint8_t> view_of(const Piece& piece, const Page& page, double height) {
  constexpr double digit_rows = 16;
  constexpr float own = 255, other = 96;
  const double scale = height / digit_rows, rows = scale * static_cast<double>(view_rows),
               columns = scale * static_cast<double>(view_columns);
  const double top = static_cast<double>(piece.box.row) + static_cast<double>(piece.box.rows) / 2 - rows / 2,
               left = static_cast<double>(piece.box.column) + static_cast<double>(piece.box.columns) / 2 - columns / 2;
  const auto first_row = static_cast<std::size_t>(std::max(0.0, std::floor(top))),
             first_column = static_cast<std::size_t>(std::max(0.0, std::floor(left))),
             end_row = std::min(page.mask.rows, static_cast<std::size_t>(std::ceil(top + rows)) + 1),
             end_column = std::min(page.mask.columns, static_cast<std::size_t>(std::ceil(left + columns)) + 1);
  Field ink = field_of(end_row - first_row, end_column - first_column);
  for (std::size_t row = 0; row < ink.rows; ++row)
    for (std::size_t column = 0; column < ink.columns; ++column)
      if (page.mask.at(first_row + row, first_column + column)) ink.at(row, column) = other;
  for (const std::uint32_t pixel : piece.pixels) {
    const std::size_t row = pixel / page.mask.columns, column = pixel % page.mask.columns;
    if (row >= first_row && row < end_row && column >= first_column && column < end_column)
      ink.at(row - first_row, column - first_column) = own;
  }
  const Field seen =
      resampled(ink, {top - static_cast<double>(first_row), left - static_cast<double>(first_column), rows, columns},
                view_rows, view_columns);
  std::vector<std::uint8_t> bytes;
  for (const float value : seen.values)
    bytes.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F))));
  return bytes;
}

}  // namespace nib
