#include "score/pen_lines.h"

#include <algorithm>
#include <cmath>

#include "images/preparation/placement.h"

namespace nib {
namespace {

/// A pen in pixels. In its own axes, made longer until it is a circle of one, distances are plain ones.
struct Tip {
  float half, along, across, cosine, sine;

  Tip(const Pen& pen, float unit)
      : half(pen.width * unit / 2),
        along(1 / half),
        across(along / pen.flat),
        cosine(std::cos(pen.angle)),
        sine(std::sin(pen.angle)) {}
  PenPoint own(PenPoint of) const {
    return {(cosine * of.x + sine * of.y) * along, (cosine * of.y - sine * of.x) * across};
  }
  /// How far (in pixels) the edge of a stroke in direction (x, y), in own axes, lies from its middle line.
  float beside(float x, float y) const {
    const float length = std::hypot(x, y);
    return length > 0 ? length / std::hypot(y * along, x * across) : half;
  }
};

/// A straight stroke over what is there: `ink` (row, column) is 0 to 1.
void draw_segment(PenPoint a, PenPoint b, const Tip& tip, std::uint32_t rows, std::uint32_t columns,
                  std::span<float> ink) {
  const float reach = tip.half + 1, down = b.y - a.y, across = b.x - a.x;
  const auto first = [](float least) { return static_cast<int>(std::max(0.0F, least)); };
  const auto behind = [](float most, std::uint32_t count) {
    return static_cast<int>(std::clamp(most + 1, 0.0F, static_cast<float>(count)));
  };
  const PenPoint from = tip.own(a), to = tip.own(b);
  const float x = to.x - from.x, y = to.y - from.y, length = x * x + y * y;
  const float inverse = length > 0 ? 1 / length : 0.0F, half_beside = tip.beside(x, y) / 2;
  const float step_x = tip.cosine * tip.along, step_y = -tip.sine * tip.across;  // of a column, in own axes
  for (int row = first(std::min(a.y, b.y) - reach); row < behind(std::max(a.y, b.y) + reach, rows); ++row) {
    // The part of the stroke whose ink may come to this row.
    const auto at = static_cast<float>(row);
    float part = 0, end = 1;
    if (down != 0) {
      const float one = (at - reach - a.y) / down, other = (at + reach - a.y) / down;
      part = std::clamp(std::min(one, other), 0.0F, 1.0F);
      end = std::clamp(std::max(one, other), 0.0F, 1.0F);
    }
    const int left = first(a.x + across * (across < 0 ? end : part) - reach),
              right = behind(a.x + across * (across < 0 ? part : end) + reach, columns);
    const PenPoint origin = tip.own({0, at});
    float* const line = &ink[static_cast<std::size_t>(row) * columns];
    // Near the edge, where the distance is 1, half of what its square is over 1 is what it is over 1 itself.
    for (int column = left; column < right; ++column) {
      const float u = origin.x + step_x * static_cast<float>(column) - from.x,
                  v = origin.y + step_y * static_cast<float>(column) - from.y;
      float along = (u * x + v * y) * inverse;
      along = along < 0 ? 0 : along;
      along = along > 1 ? 1 : along;
      const float away_x = u - along * x, away_y = v - along * y;
      const float level = 0.5F - (away_x * away_x + away_y * away_y - 1) * half_beside;
      line[column] = line[column] < level ? level : line[column];
    }
  }
}

PenLine cut(const PenLine& line) {
  PenLine result{line.front()};
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const PenPoint a = line[i], b = line[i + 1];
    result.push_back({0.75F * a.x + 0.25F * b.x, 0.75F * a.y + 0.25F * b.y});
    result.push_back({0.25F * a.x + 0.75F * b.x, 0.25F * a.y + 0.75F * b.y});
  }
  result.push_back(line.back());
  return result;
}

}  // namespace

PenLine rounded(const PenLine& line) { return line.size() < 3 ? line : cut(cut(line)); }

void centre_by_mass(std::uint32_t rows, std::uint32_t columns, std::span<std::uint8_t> pixels) {
  double mass = 0, down = 0, across = 0;
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column < columns; ++column) {
      const double ink = pixels[std::size_t{row} * columns + column];
      mass += ink;
      down += ink * row;
      across += ink * column;
    }
  if (mass == 0) return;
  const long move_down = std::lround(move_to_middle(down / mass + 0.5, rows)),
             move_across = std::lround(move_to_middle(across / mass + 0.5, columns));
  if (move_down == 0 && move_across == 0) return;
  const std::vector<std::uint8_t> before(pixels.begin(), pixels.end());
  std::ranges::fill(pixels, std::uint8_t{0});
  for (long row = 0; row < static_cast<long>(rows); ++row)
    for (long column = 0; column < static_cast<long>(columns); ++column) {
      const long to_row = row + move_down, to_column = column + move_across;
      if (to_row < 0 || to_row >= static_cast<long>(rows) || to_column < 0 || to_column >= static_cast<long>(columns))
        continue;
      pixels[static_cast<std::size_t>(to_row * static_cast<long>(columns) + to_column)] =
          before[static_cast<std::size_t>(row * static_cast<long>(columns) + column)];
    }
}

void draw_as_digit(std::span<const PenLine> lines, const Pen& pen, std::uint32_t rows, std::uint32_t columns,
                   std::span<std::uint8_t> pixels) {
  PenPoint least{1e9F, 1e9F}, most{-1e9F, -1e9F};
  for (const PenLine& line : lines)
    for (const PenPoint& point : line) {
      least = {std::min(least.x, point.x), std::min(least.y, point.y)};
      most = {std::max(most.x, point.x), std::max(most.y, point.y)};
    }
  const float unit = static_cast<float>(std::min(rows, columns)) / 28;
  const Tip tip(pen, unit);
  const float scale = std::max(0.0F, 20 * unit - 2 * tip.half) / std::max({most.x - least.x, most.y - least.y, 1e-3F});
  const auto place = [&](PenPoint point) {
    return PenPoint{static_cast<float>(columns - 1) / 2 + scale * (point.x - (least.x + most.x) / 2),
                    static_cast<float>(rows - 1) / 2 + scale * (point.y - (least.y + most.y) / 2)};
  };
  std::vector<float> ink(pixels.size());
  for (const PenLine& line : lines)
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      draw_segment(place(line[i]), place(line[i + 1]), tip, rows, columns, ink);
  for (std::size_t i = 0; i < ink.size(); ++i) pixels[i] = static_cast<std::uint8_t>(255 * std::min(ink[i], 1.0F));
  centre_by_mass(rows, columns, pixels);
}

}  // namespace nib
