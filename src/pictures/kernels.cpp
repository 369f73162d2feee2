#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr std::size_t most_filters = 64, across_wide = 8, across_narrow = 4;
constexpr double side = 66, gap = 16, margin = 16, number_height = 16, scale_height = 54;

double largest_weight(const Tensor& kernel) {
  double largest = 0;
  for (const float weight : kernel.values) largest = std::max(largest, std::abs(static_cast<double>(weight)));
  return largest > 0 ? largest : 1;
}

struct Tile {
  double x, y, size;
};

/// A weight beside the largest one as a tile: its size is the opacity, its sign the colour, and a minus for eyes
/// that see no colour.
void add_weight(Drawing& drawing, const Tile& tile, double weight, double largest, std::string hint) {
  const auto [x, y, size] = tile;
  const double strength = std::abs(weight) / largest;
  drawing
      .add(Rectangle{.x = x,
                     .y = y,
                     .width = size,
                     .height = size,
                     .style = {.fill = weight < 0 ? Role::second : Role::first, .opacity = strength}})
      .hint = std::move(hint);
  if (weight < 0 && size >= 6)
    drawing.add(Path{.points = {{x + 0.36 * size, y + size / 2}, {x + 0.64 * size, y + size / 2}},
                     .style = {.stroke = strength > 0.5 ? Role::paper : Role::ink, .stroke_width = 1.2}});
}

void add_filter(Drawing& drawing, const Tensor& kernel, std::size_t filter, std::size_t across, double largest) {
  const std::size_t rows = kernel.shape[2], columns = kernel.shape[3];
  const std::size_t above = filter / across, before = filter % across;
  const double x = margin + static_cast<double>(before) * (side + gap);
  const double y = margin + static_cast<double>(above) * (side + gap + number_height) + number_height;
  const double size = side / static_cast<double>(std::max(rows, columns));
  drawing.add(Text{.at = {x, y - 5}, .text = std::to_string(filter + 1), .size = 11, .fill = Role::muted});
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const double weight = kernel.values[(filter * rows + row) * columns + column];
      add_weight(drawing, {x + size * static_cast<double>(column), y + size * static_cast<double>(row), size}, weight,
                 largest, fmt::format("filter {}, row {}, column {}: {:.4f}", filter + 1, row + 1, column + 1, weight));
    }
  drawing.add(Rectangle{.x = x,
                        .y = y,
                        .width = size * static_cast<double>(columns),
                        .height = size * static_cast<double>(rows),
                        .style = {.stroke = Role::grid}});
}

void add_scale(Drawing& drawing, double largest) {
  constexpr int steps = 4;
  constexpr double size = 22;
  const double x = margin, y = drawing.height - scale_height + 8;
  for (int step = -steps; step <= steps; ++step)
    add_weight(drawing, {x + size * (step + steps), y, size}, step * largest / steps, largest, "");
  const double right = x + size * (2 * steps + 1);
  drawing.add(Rectangle{.x = x, .y = y, .width = right - x, .height = size, .style = {.stroke = Role::grid}});
  const auto label = [&](double at, std::string text) {
    drawing.add(Text{
        .at = {at, y + size + 15}, .text = std::move(text), .size = 11, .fill = Role::muted, .anchor = Anchor::middle});
  };
  label(x + size / 2, fmt::format("{:.2f}", -largest));
  label((x + right) / 2, "0");
  label(right - size / 2, fmt::format("{:.2f}", largest));
  drawing.add(Text{.at = {right + 14, y + 15}, .text = "weight", .size = 12});
}

}  // namespace

Drawing kernels_picture(const Tensor& kernel, Sheet sheet) {
  const std::size_t across = sheet == Sheet::narrow ? across_narrow : across_wide;
  const std::size_t filters = std::min<std::size_t>(kernel.shape[0], most_filters);
  const std::size_t columns = std::min(across, filters), rows = (filters + across - 1) / across;
  Drawing drawing{.name = "kernels",
                  .title = "Filters of the first convolution",
                  .description = "The weights of each filter, positive and negative ones",
                  .width = 2 * margin + std::max(220.0, static_cast<double>(columns) * (side + gap) - gap),
                  .height = margin + static_cast<double>(rows) * (side + gap + number_height) + scale_height};
  const double largest = largest_weight(kernel);
  for (std::size_t filter = 0; filter < filters; ++filter) add_filter(drawing, kernel, filter, across, largest);
  add_scale(drawing, largest);
  return drawing;
}

}  // namespace nib
