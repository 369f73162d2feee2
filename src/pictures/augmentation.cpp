#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "drawing/text_fit.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

/// Where things are: an original on the left, then a line, then what it becomes.
struct Layout {
  double side, gap;
  std::size_t versions;
  static constexpr double margin = 16, middle = 36, header = 26;

  double column(std::size_t index) const {
    return index == 0 ? margin : margin + side + middle + static_cast<double>(index - 1) * (side + gap);
  }
  double row(std::size_t index) const { return margin + header + static_cast<double>(index) * (side + gap); }
  double width() const { return column(versions) + side + margin; }
  double height(std::size_t images) const { return row(images) - gap + margin; }
};
constexpr Layout wide{.side = 84, .gap = 14, .versions = 7}, narrow{.side = 60, .gap = 10, .versions = 4};

constexpr std::size_t most_images = 5;

/// The first image of each class, as they come; any where there are no labels.
std::vector<std::size_t> originals(const Dataset& dataset) {
  std::vector<std::size_t> indices;
  std::vector<bool> seen(dataset.class_names.size());
  for (std::size_t index = 0; index < dataset.size() && indices.size() < most_images; ++index) {
    if (!dataset.labels.empty() && seen[dataset.labels[index]]) continue;
    if (!dataset.labels.empty()) seen[dataset.labels[index]] = true;
    indices.push_back(index);
  }
  return indices;
}

/// `pixels`: of an image as large as those of the set.
std::vector<std::uint8_t> moved(const Dataset& dataset, const std::uint8_t* pixels, const Movement& movement) {
  const ImageMap map = image_map(movement, dataset.rows, dataset.columns);
  std::vector<std::uint8_t> ink;
  for (std::uint32_t y = 0; y < dataset.rows; ++y)
    for (std::uint32_t x = 0; x < dataset.columns; ++x) {
      const float value = moved_pixel(map, pixels, dataset.rows, dataset.columns, y, x);
      ink.push_back(static_cast<std::uint8_t>(std::lround(255 * value)));
    }
  return ink;
}

/// "shift ±2 pixels, rotation ±10°, scale ±10 %".
std::string ranges(const Augmentation& augmentation) {
  std::string text;
  const auto add = [&](const char* what, double value, const char* unit) {
    if (value > 0) text += fmt::format("{}{} ±{:g}{}", text.empty() ? "" : ", ", what, value, unit);
  };
  add("shift", augmentation.shift, augmentation.shift == 1 ? " pixel" : " pixels");
  add("rotation", augmentation.rotate, "°");
  add("scale", 100 * augmentation.scale, " %");
  return text;
}

/// "image 3: 1.2 pixels right, 0.4 up, 3.1° clockwise, 104 % of its size".
std::string movement_in_words(std::size_t index, const Movement& movement, const Augmentation& augmentation) {
  std::string text = fmt::format("image {}: ", index);
  if (augmentation.shift > 0)
    text += fmt::format("{:.1f} pixels {}, {:.1f} {}", std::abs(movement.right), movement.right < 0 ? "left" : "right",
                        std::abs(movement.down), movement.down < 0 ? "up" : "down");
  if (augmentation.rotate > 0)
    text += fmt::format("{}{:.1f}° {}", augmentation.shift > 0 ? ", " : "", std::abs(movement.degrees),
                        movement.degrees < 0 ? "clockwise" : "counterclockwise");
  if (augmentation.scale > 0)
    text += fmt::format("{}{:.0f} % of its size", augmentation.shift > 0 || augmentation.rotate > 0 ? ", " : "",
                        100 * movement.factor);
  return text;
}

/// The image as large as fits, its pixels square, in the middle.
void add_image(Drawing& drawing, const Dataset& dataset, std::vector<std::uint8_t> ink, Point corner, double side,
               Style frame, const std::string& hint) {
  const double pixel = side / std::max(dataset.rows, dataset.columns);
  const double width = pixel * dataset.columns, height = pixel * dataset.rows;
  const double x = corner.x + (side - width) / 2, y = corner.y + (side - height) / 2;
  drawing.add(InkImage{.x = x,
                       .y = y,
                       .width = width,
                       .height = height,
                       .rows = dataset.rows,
                       .columns = dataset.columns,
                       .ink = std::move(ink)});
  drawing.add(Rectangle{.x = x, .y = y, .width = width, .height = height, .style = frame}).hint = hint;
}

void add_headers(Drawing& drawing, const Layout& layout, const std::string& what) {
  constexpr double size = 13;
  const double baseline = Layout::margin + 14, versions = layout.column(1);
  drawing.add(Text{.at = {layout.column(0) + layout.side / 2, baseline},
                   .text = "Original",
                   .size = size,
                   .anchor = Anchor::middle,
                   .bold = true});
  const std::string text = &layout == &narrow ? what : "As it is trained on: " + what;
  const double room = drawing.width - Layout::margin - versions;
  drawing.add(Text{.at = {versions, baseline}, .text = text, .size = fitting_size(text, room, size)});
}

}  // namespace

Drawing augmentation_picture(const Dataset& dataset, const Augmentation& augmentation, std::uint64_t seed,
                             Sheet sheet) {
  const Layout& layout = sheet == Sheet::narrow ? narrow : wide;
  const std::vector<std::size_t> images = originals(dataset);
  Drawing drawing;
  drawing.name = "augmentation";
  drawing.title = "Augmented training images";
  drawing.description = "Images of the training set, and beside each what augmentation makes of it";
  drawing.width = layout.width();
  drawing.height = layout.height(images.size());
  add_headers(drawing, layout, ranges(augmentation));
  const double line = layout.column(0) + layout.side + Layout::middle / 2;
  drawing.add(Path{.points = {{line, layout.row(0)}, {line, layout.row(images.size()) - layout.gap}},
                   .style = {.stroke = Role::grid}});
  std::vector<std::uint8_t> room;
  for (std::uint32_t row = 0; row < images.size(); ++row) {
    const std::size_t index = images[row];
    const std::uint8_t* const pixels = dataset.image(index, room);
    add_image(drawing, dataset, {pixels, pixels + std::size_t{dataset.rows} * dataset.columns},
              {layout.column(0), layout.row(row)}, layout.side, {.stroke = Role::muted},
              fmt::format("image {}", index));
    for (std::uint32_t step = 1; step <= layout.versions; ++step) {
      const Movement own = movement(augmentation, seed, step, row);
      add_image(drawing, dataset, moved(dataset, pixels, own), {layout.column(step), layout.row(row)}, layout.side,
                {.stroke = Role::grid}, movement_in_words(index, own, augmentation));
    }
  }
  return drawing;
}

}  // namespace nib
