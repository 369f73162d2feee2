#include "images/preparation/flatten.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "images/preparation/surface.h"

namespace nib {
namespace {

double length(const Place& from, const Place& to) { return std::hypot(to.row - from.row, to.column - from.column); }

/// The corners from the upper left one on.
Quadrilateral from_upper_left(const Polygon& outline) {
  const auto first = std::ranges::min_element(outline, {}, [](const Place& at) { return at.row + at.column; });
  Quadrilateral corners;
  for (std::size_t i = 0; i < 4; ++i) corners[i] = outline[(static_cast<std::size_t>(first - outline.begin()) + i) % 4];
  return corners;
}

/// The smooth surface through the known pixels, found on a coarse image.
Field surface_through(const Field& light, const Mask& known) {
  constexpr std::size_t coarse_side = 48;
  const std::size_t factor = (std::max(light.rows, light.columns) + coarse_side - 1) / coarse_side;
  Field share = field_of(light.rows, light.columns);
  std::ranges::copy(known.set, share.values.begin());
  const Mask coarse = mask_of(reduced(share, factor), 0.999F);
  return enlarged(background_surface(reduced(light, factor), coarse), factor, light.rows, light.columns);
}

std::size_t pixels(double length) { return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(length))); }

}  // namespace

FlatSheet::FlatSheet(const Field& light, const Sheet& sheet)
    : picture_rows_(light.rows), picture_columns_(light.columns) {
  // The border itself is soft, and known to a hundredth only.
  const double margin = 2 + 0.012 * static_cast<double>(std::max(light.rows, light.columns));
  Polygon outline = shrunk(sheet.outline, margin);
  if (outline.empty()) outline = sheet.outline;
  if (outline.size() == 4 && !sheet.cut_by_border)
    undo_perspective(light, from_upper_left(outline));
  else
    cut_out(light, outline);
}

void FlatSheet::undo_perspective(const Field& light, const Quadrilateral& corners) {
  const std::size_t rows = pixels((length(corners[0], corners[3]) + length(corners[1], corners[2])) / 2),
                    columns = pixels((length(corners[0], corners[1]) + length(corners[3], corners[2])) / 2);
  to_picture_.emplace(corners);
  light_ = field_of(rows, columns);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      light_.at(row, column) =
          value_at(light, in_picture(Place{static_cast<double>(row) + 0.5, static_cast<double>(column) + 0.5}));
}

void FlatSheet::cut_out(const Field& light, const Polygon& outline) {
  const auto [top, bottom] = std::ranges::minmax(outline, {}, &Place::row);
  const auto [left, right] = std::ranges::minmax(outline, {}, &Place::column);
  const auto first = [](double place) { return static_cast<std::size_t>(std::max(0.0, std::floor(place))); };
  const std::size_t row_begin = first(top.row), column_begin = first(left.column);
  const std::size_t rows = std::clamp(first(std::ceil(bottom.row)), row_begin + 1, light.rows) - row_begin,
                    columns =
                        std::clamp(first(std::ceil(right.column)), column_begin + 1, light.columns) - column_begin;
  corner_ = {static_cast<double>(row_begin), static_cast<double>(column_begin)};
  const Mask inside = inside_of(outline, light.rows, light.columns);
  light_ = field_of(rows, columns);
  Mask known{rows, columns, std::vector<std::uint8_t>(rows * columns)};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      light_.at(row, column) = light.at(row_begin + row, column_begin + column);
      known.at(row, column) = inside.at(row_begin + row, column_begin + column);
    }
  const Field surface = surface_through(light_, known);
  for (std::size_t i = 0; i < light_.values.size(); ++i)
    if (!known.set[i]) light_.values[i] = std::clamp(surface.values[i], 0.0F, 255.0F);
}

Place FlatSheet::in_picture(const Place& place) const {
  if (!to_picture_) return {corner_.row + place.row, corner_.column + place.column};
  return (*to_picture_)(
      {place.row / static_cast<double>(light_.rows), place.column / static_cast<double>(light_.columns)});
}

Box FlatSheet::in_picture(const Box& box) const {
  const auto top = static_cast<double>(box.row), left = static_cast<double>(box.column),
             bottom = static_cast<double>(box.row + box.rows), right = static_cast<double>(box.column + box.columns);
  double first_row = 1e9, first_column = 1e9, last_row = 0, last_column = 0;
  for (const Place& corner : {Place{top, left}, Place{top, right}, Place{bottom, right}, Place{bottom, left}}) {
    const Place at = in_picture(corner);
    first_row = std::min(first_row, at.row);
    first_column = std::min(first_column, at.column);
    last_row = std::max(last_row, at.row);
    last_column = std::max(last_column, at.column);
  }
  Box result;
  const auto range = [](double first, double last, std::size_t count, std::size_t& begin, std::size_t& extent) {
    begin = static_cast<std::size_t>(std::clamp(std::floor(first + 0.01), 0.0, static_cast<double>(count - 1)));
    extent = static_cast<std::size_t>(
                 std::clamp(std::ceil(last - 0.01), static_cast<double>(begin + 1), static_cast<double>(count))) -
             begin;
  };
  range(first_row, last_row, picture_rows_, result.row, result.rows);
  range(first_column, last_column, picture_columns_, result.column, result.columns);
  return result;
}

}  // namespace nib
