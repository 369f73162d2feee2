#include "score/pen_lines.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

float distance_to(PenPoint from, PenPoint a, PenPoint b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const float along = length > 0 ? std::clamp(((from.x - a.x) * dx + (from.y - a.y) * dy) / length, 0.0F, 1.0F) : 0.0F;
  const float x = from.x - a.x - along * dx, y = from.y - a.y - along * dy;
  return std::sqrt(x * x + y * y);
}

/// A straight stroke over what is there.
void draw_segment(PenPoint a, PenPoint b, float half, std::uint32_t rows, std::uint32_t columns,
                  std::span<std::uint8_t> pixels) {
  const auto first = [&](float one, float other) {
    return static_cast<std::uint32_t>(std::max(0.0F, std::floor(std::min(one, other) - half - 1)));
  };
  const auto last = [&](float one, float other, std::uint32_t count) {
    return static_cast<std::uint32_t>(
        std::clamp(std::ceil(std::max(one, other) + half + 2), 0.0F, static_cast<float>(count)));
  };
  for (std::uint32_t row = first(a.y, b.y); row < last(a.y, b.y, rows); ++row)
    for (std::uint32_t column = first(a.x, b.x); column < last(a.x, b.x, columns); ++column) {
      const float distance = distance_to({static_cast<float>(column), static_cast<float>(row)}, a, b);
      const auto ink = static_cast<std::uint8_t>(255 * std::clamp(half - distance + 0.5F, 0.0F, 1.0F));
      std::uint8_t& pixel = pixels[std::size_t{row} * columns + column];
      pixel = std::max(pixel, ink);
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
  const long move_down = std::lround((rows - 1) / 2.0 - down / mass),
             move_across = std::lround((columns - 1) / 2.0 - across / mass);
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

void draw_as_digit(std::span<const PenLine> lines, float width, std::uint32_t rows, std::uint32_t columns,
                   std::span<std::uint8_t> pixels) {
  std::ranges::fill(pixels, std::uint8_t{0});
  PenPoint least{1e9F, 1e9F}, most{-1e9F, -1e9F};
  for (const PenLine& line : lines)
    for (const PenPoint& point : line) {
      least = {std::min(least.x, point.x), std::min(least.y, point.y)};
      most = {std::max(most.x, point.x), std::max(most.y, point.y)};
    }
  const float unit = static_cast<float>(std::min(rows, columns)) / 28, pen = width * unit;
  const float scale = std::max(0.0F, 20 * unit - pen) / std::max({most.x - least.x, most.y - least.y, 1e-3F});
  const auto place = [&](PenPoint point) {
    return PenPoint{static_cast<float>(columns - 1) / 2 + scale * (point.x - (least.x + most.x) / 2),
                    static_cast<float>(rows - 1) / 2 + scale * (point.y - (least.y + most.y) / 2)};
  };
  for (const PenLine& line : lines)
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      draw_segment(place(line[i]), place(line[i + 1]), pen / 2, rows, columns, pixels);
  centre_by_mass(rows, columns, pixels);
}

}  // namespace nib
