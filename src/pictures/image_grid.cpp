#include "pictures/image_grid.h"

#include <fmt/core.h>

#include <algorithm>

#include "drawing/text_fit.h"

namespace nib {
namespace {

constexpr double gap = 28, margin = 16;
constexpr double text_size = 13, line_height = 17, bar_height = 8, bar_room = 30;

/// The place of one image and its texts.
struct Cell {
  double x, y, image_y, side;
};

/// One size for all captions: that at which the longest fits over its image.
double caption_size(std::span<const GridImage> images, double side) {
  double size = text_size;
  for (const GridImage& image : images)
    for (const std::string& line : image.above) size = fitting_size(line, side + gap - 6, size);
  return size;
}

void add_captions(Drawing& drawing, const GridImage& image, const Cell& cell, double size) {
  double y = cell.y;
  for (const std::string& line : image.above) {
    y += line_height;
    drawing.add(Text{.at = {cell.x + cell.side / 2, y - 6},
                     .text = line,
                     .size = size,
                     .fill = image.wrong ? Role::wrong : Role::ink,
                     .anchor = Anchor::middle,
                     .bold = image.wrong});
  }
}

/// The image as large as fits, its pixels square, in the middle.
void add_image(Drawing& drawing, const Dataset& dataset, const GridImage& image, const Cell& cell) {
  const double pixel = cell.side / std::max(dataset.rows, dataset.columns);
  const double width = pixel * dataset.columns, height = pixel * dataset.rows;
  const double x = cell.x + (cell.side - width) / 2, y = cell.image_y + (cell.side - height) / 2;
  std::vector<std::uint8_t> room;
  const std::uint8_t* pixels = dataset.image(image.index, room);
  drawing.add(InkImage{.x = x,
                       .y = y,
                       .width = width,
                       .height = height,
                       .rows = dataset.rows,
                       .columns = dataset.columns,
                       .ink = {pixels, pixels + std::size_t{dataset.rows} * dataset.columns}});
  drawing
      .add(Rectangle{
          .x = x,
          .y = y,
          .width = width,
          .height = height,
          .style = {.stroke = image.wrong ? Role::wrong : Role::grid, .stroke_width = image.wrong ? 2.5 : 1.0}})
      .hint = fmt::format("image {}", image.index);
}

/// The share as a bar in its track, whose outline shows how long a whole one would be.
void add_share(Drawing& drawing, const GridImage& image, const Cell& cell) {
  constexpr double number_width = 46, radius = bar_height / 2;
  const double y = cell.image_y + cell.side + 11, width = cell.side - number_width;
  drawing.add(Rectangle{
      .x = cell.x, .y = y, .width = width, .height = bar_height, .style = {.fill = Role::grid}, .radius = radius});
  drawing.add(Rectangle{.x = cell.x,
                        .y = y,
                        .width = std::max(width * *image.share, bar_height),
                        .height = bar_height,
                        .style = {.fill = image.wrong ? Role::wrong : Role::right},
                        .radius = radius});
  drawing.add(Rectangle{.x = cell.x - 1,
                        .y = y - 1,
                        .width = width + 2,
                        .height = bar_height + 2,
                        .style = {.stroke = Role::muted, .stroke_width = 0.8},
                        .radius = radius + 1});
  drawing.add(Text{.at = {cell.x + cell.side, y + bar_height},
                   .text = rounded_percent(*image.share),
                   .size = 11,
                   .fill = Role::muted,
                   .anchor = Anchor::end});
}

}  // namespace

std::string rounded_percent(double share) {
  if (share > 0 && share < 0.0005) return "<0.1 %";
  if (share < 1 && share > 0.9995) return ">99.9 %";
  return fmt::format("{:.1f} %", 100 * share);
}

Drawing image_grid(const Dataset& dataset, std::span<const GridImage> images, std::size_t across, double side) {
  if (images.empty()) return {};
  const double above = line_height * static_cast<double>(images.front().above.size());
  const double below = images.front().share ? bar_room : 0;
  const std::size_t columns = std::min(across, images.size()), rows = (images.size() + across - 1) / across;
  const double size = caption_size(images, side);
  Drawing drawing;
  drawing.width = 2 * margin + static_cast<double>(columns) * (side + gap);
  drawing.height = 2 * margin + static_cast<double>(rows) * (above + side + below + gap) - gap;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::size_t row = i / across, column = i % across;
    const double x = margin + gap / 2 + static_cast<double>(column) * (side + gap);
    const double y = margin + static_cast<double>(row) * (above + side + below + gap);
    const Cell cell{.x = x, .y = y, .image_y = y + above, .side = side};
    add_captions(drawing, images[i], cell, size);
    add_image(drawing, dataset, images[i], cell);
    if (images[i].share) add_share(drawing, images[i], cell);
  }
  return drawing;
}

}  // namespace nib
