#include "data/csv_advice.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "data/idx.h"

namespace nib {

std::optional<std::uint32_t> square_side(std::size_t pixels) {
  const auto side = static_cast<std::uint32_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
  if (side < 2 || side > largest_idx_side || std::size_t{side} * side != pixels) return std::nullopt;
  return side;
}

/// In a table without names whose first column is one number throughout, while the last one has all numbers from 0 or 1
/// up: the labels are there, and the first column is a pixel of the margin.
void take_labels_from_the_end(CsvImages& images) {
  const std::size_t pixels = images.pixels.size() / images.labels.size();
  if (std::ranges::count(images.labels, images.labels.front()) != static_cast<std::ptrdiff_t>(images.labels.size()))
    return;
  std::array<bool, 256> occurs{};
  for (std::size_t i = pixels - 1; i < images.pixels.size(); i += pixels) occurs[images.pixels[i]] = true;
  const auto first = occurs.begin() + (occurs[0] ? 0 : 1), end = std::find(first, occurs.end(), false);
  if (end - first < 2 || std::any_of(end, occurs.end(), std::identity{})) return;
  const std::uint8_t margin = images.labels.front();
  for (std::size_t i = 0; i < images.labels.size(); ++i) {
    const auto image = images.pixels.begin() + static_cast<std::ptrdiff_t>(i * pixels);
    images.labels[i] = image[static_cast<std::ptrdiff_t>(pixels) - 1];
    std::shift_right(image, image + static_cast<std::ptrdiff_t>(pixels), 1);
    *image = margin;
  }
  images.columns += fmt::format(", labels in the last column by their values, as all are {} in the first", margin);
}

/// Macs of old ended lines with a carriage return alone.
std::string hint_at_line_ends(std::string_view line) {
  return line.find('\r') < line.size() - 1 ? "its lines end in a carriage return alone: save it with line feeds" : "";
}

std::string hint_at_columns(std::string_view line, std::size_t pixels, bool has_names) {
  constexpr std::size_t colours = 3, few = 50;
  if (std::string hint = hint_at_line_ends(line); !hint.empty()) return hint;
  for (const std::size_t label : {0, 1})
    if (pixels > few && (pixels - label) % colours == 0 && square_side((pixels - label) / colours))
      return "with three colours a pixel: make the images grey first";
  if (!has_names) return "without names of the columns there may be nothing but the labels before the pixels";
  if (pixels <= few) return "a table that names pictures is not read: sort them into a folder for each class";
  return "leave out columns that are neither labels nor pixels; an index, id or ImageId may stay";
}

std::string hint_at_cell(std::string_view cell, bool is_label) {
  const std::optional<double> number = parse_number(cell);
  if (is_label && !number && !cell.empty())
    return "number the classes from 0; their names can stand in a file labels.txt in the folder of the set";
  if (!is_label && number && *number > 0 && *number < 1)
    return "pixels from 0 to 1 are read from NumPy's .npz; in a table multiply them by 255";
  return "";
}

}  // namespace nib
