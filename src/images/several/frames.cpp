#include "images/several/frames.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "images/preparation/components.h"

namespace nib {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// The slope of the straight line that places along a side lie on, but for a tenth of them: through the medians of both
/// halves. nullopt where they lie on none.
std::optional<double> slope_of(const std::vector<double>& places, double tolerance) {
  constexpr std::size_t fewest = 8;
  if (places.size() < fewest) return std::nullopt;
  constexpr double most_off = 0.1, steepest = 0.1;
  const std::size_t half = places.size() / 2;
  const auto cut = places.begin() + static_cast<std::ptrdiff_t>(half);
  const double first = median({places.begin(), cut}), second = median({cut, places.end()});
  const double slope = (second - first) / (static_cast<double>(places.size()) / 2);
  if (std::abs(slope) > steepest) return std::nullopt;
  const double middle = (first + second) / 2;
  std::size_t off = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double expected = middle + slope * (static_cast<double>(i) - static_cast<double>(places.size()) / 2);
    off += std::abs(places[i] - expected) > tolerance;
  }
  if (static_cast<double>(off) > most_off * static_cast<double>(places.size())) return std::nullopt;
  return slope;
}

/// The slope of the upper and the lower side, by the first and the last ink of each column; nullopt where one of them
/// is not straight.
std::optional<double> slope_of_sides(const Mask& mask, double tolerance) {
  std::vector<double> above, below;
  for (std::size_t column = 0; column < mask.columns; ++column) {
    std::size_t first = 0, end = mask.rows;
    while (first < mask.rows && !mask.at(first, column)) ++first;
    if (first == mask.rows) continue;
    while (!mask.at(end - 1, column)) --end;
    above.push_back(static_cast<double>(first));
    below.push_back(static_cast<double>(end));
  }
  const std::optional<double> upper = slope_of(above, tolerance), lower = slope_of(below, tolerance);
  if (!upper || !lower) return std::nullopt;
  return (*upper + *lower) / 2;
}

/// The mask with each column moved up or down, so that a line of this slope becomes level. A long row of cells that
/// slopes has its left side in other rows than its right one.
Mask levelled(const Mask& mask, double slope) {
  const double whole = slope * static_cast<double>(mask.columns);
  const auto room = static_cast<std::size_t>(std::abs(whole)) + 1;
  Mask result{mask.rows + room, mask.columns, std::vector<std::uint8_t>((mask.rows + room) * mask.columns)};
  for (std::size_t column = 0; column < mask.columns; ++column) {
    const double moved = std::max(whole, 0.0) - slope * static_cast<double>(column);
    const auto down = static_cast<std::size_t>(std::clamp(std::round(moved), 0.0, static_cast<double>(room)));
    for (std::size_t row = 0; row < mask.rows; ++row) result.at(row + down, column) = mask.at(row, column);
  }
  return result;
}

/// Whether all four sides are straight.
bool is_frame(const Mask& mask, double tolerance) {
  const std::optional<double> slope = slope_of_sides(mask, tolerance);
  return slope && slope_of_sides(transposed(levelled(mask, *slope)), tolerance);
}

/// Ink that is at most `thickest` pixels deep, by columns.
Mask thin_by_columns(const Mask& mask, std::size_t thickest) {
  Mask thin{mask.rows, mask.columns, std::vector<std::uint8_t>(mask.set.size())};
  for (std::size_t column = 0; column < mask.columns; ++column)
    for (std::size_t row = 0; row < mask.rows;) {
      std::size_t end = row;
      while (end < mask.rows && mask.at(end, column)) ++end;
      if (end > row && end - row <= thickest)
        for (std::size_t y = row; y < end; ++y) thin.at(y, column) = 1;
      row = end + 1;
    }
  return thin;
}

/// The level lines of a frame: long, thin and nearly straight runs.
Mask level_lines(const Mask& mask, std::size_t thickest) {
  Mask lines = thin_by_columns(mask, thickest);
  const Components runs = components_of(lines);
  std::size_t longest = 0;
  const auto is_level = [&](const Component& run) {
    return static_cast<double>(run.box.rows) <=
           static_cast<double>(thickest) + 0.1 * static_cast<double>(run.box.columns);
  };
  for (const Component& run : runs.list)
    if (is_level(run)) longest = std::max(longest, run.box.columns);
  std::vector<std::uint8_t> is_line(runs.list.size() + 1);
  for (std::size_t i = 0; i < runs.list.size(); ++i)
    is_line[i + 1] = is_level(runs.list[i]) && 2 * runs.list[i].box.columns >= longest;
  for (std::size_t i = 0; i < lines.set.size(); ++i) lines.set[i] = is_line[runs.labels[i]];
  return lines;
}

double line_width(const Piece& piece, const Mask& own) {
  // A frame's ink is lines: the depth of the ink on its four sides, the median of all columns and rows.
  std::vector<double> depths;
  const auto add_depths = [&](const Mask& mask) {
    for (std::size_t column = 0; column < mask.columns; ++column) {
      std::size_t row = 0;
      while (row < mask.rows && !mask.at(row, column)) ++row;
      const std::size_t begin = row;
      while (row < mask.rows && mask.at(row, column)) ++row;
      depths.push_back(static_cast<double>(row - begin));
    }
  };
  add_depths(own);
  add_depths(transposed(own));
  return piece.pixels.empty() ? 0 : median(depths);
}

/// What is left of a frame without its lines: digits that touch them.
std::vector<Piece> without_lines(const Piece& piece, Mask own, double width, Mask& page) {
  const auto thickest = static_cast<std::size_t>(1.7 * width) + 1;
  const Mask level = level_lines(own, thickest), upright = transposed(level_lines(transposed(own), thickest));
  for (std::size_t i = 0; i < own.set.size(); ++i) own.set[i] = own.set[i] && !level.set[i] && !upright.set[i];
  for (const std::uint32_t pixel : piece.pixels) page.set[pixel] = 0;
  std::vector<Piece> rest = pieces_of(own);
  std::erase_if(rest, [&](const Piece& left) {  // where lines cross
    return static_cast<double>(std::max(left.box.rows, left.box.columns)) < 4 * width;
  });
  for (Piece& left : rest) {
    left.box.row += piece.box.row;
    left.box.column += piece.box.column;
    for (std::uint32_t& pixel : left.pixels) {
      const std::size_t row = pixel / own.columns + piece.box.row, column = pixel % own.columns + piece.box.column;
      pixel = static_cast<std::uint32_t>(row * page.columns + column);
      page.set[pixel] = 1;
    }
  }
  return rest;
}

/// A round 0 with a thick stroke has sides as straight as its stroke is wide: what is a frame has thin lines, or ink of
/// others within.
bool thin_or_filled(const Box& frame, double width, const std::vector<Box>& boxes) {
  constexpr double thin = 0.1;  // of the shorter side
  if (width <= thin * static_cast<double>(std::min(frame.rows, frame.columns))) return true;
  return std::ranges::any_of(boxes, [&](const Box& other) {
    return other.row > frame.row && other.column > frame.column && other.row + other.rows < frame.row + frame.rows &&
           other.column + other.columns < frame.column + frame.columns;
  });
}

}  // namespace

std::size_t remove_frames(std::vector<Piece>& pieces, Mask& mask) {
  constexpr std::size_t smallest = 20;
  std::vector<Piece> kept;
  std::vector<Box> boxes;
  std::ranges::transform(pieces, std::back_inserter(boxes), &Piece::box);
  std::size_t frames = 0;
  for (Piece& piece : pieces) {
    const auto area = static_cast<double>(piece.box.rows * piece.box.columns);
    constexpr double most_ink = 0.5;
    bool frame = std::min(piece.box.rows, piece.box.columns) >= smallest &&
                 static_cast<double>(piece.pixels.size()) < most_ink * area;
    Mask own = frame ? own_mask(piece, mask.columns) : Mask{};
    const double width = frame ? line_width(piece, own) : 0;
    frame = frame && thin_or_filled(piece.box, width, boxes) && is_frame(own, width + 1);
    if (!frame) {
      kept.push_back(std::move(piece));
      continue;
    }
    ++frames;
    std::ranges::move(without_lines(piece, std::move(own), width, mask), std::back_inserter(kept));
  }
  pieces = std::move(kept);
  return frames;
}

}  // namespace nib
