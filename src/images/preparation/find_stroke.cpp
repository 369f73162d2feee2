#include "images/preparation/find_stroke.h"

#include <algorithm>
#include <utility>

#include "images/preparation/background.h"
#include "images/preparation/enclosure.h"
#include "images/preparation/prepare.h"
#include "images/preparation/ruled_lines.h"
#include "images/preparation/tight_crop.h"

namespace nib {
namespace {

/// Takes ruled lines out of the ink, unless nothing is left then: a picture cut close to a 1 looks like a line alone.
Stroke stroke_without_lines(Field& ink, const InkLevels& levels) {
  Field without = ink;
  if (remove_ruled_lines(without, levels.faint) > 0) {
    Stroke stroke = choose_stroke(mask_of(without, levels.threshold));
    if (stroke.pixels > 0) {
      ink = std::move(without);
      return stroke;
    }
  }
  return choose_stroke(mask_of(ink, levels.threshold));
}

/// The box around a mask.
Box box_of(const Mask& mask) {
  Box box{mask.rows, mask.columns, 0, 0};
  std::size_t bottom = 0, right = 0;
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) {
      if (!mask.at(row, column)) continue;
      box.row = std::min(box.row, row);
      box.column = std::min(box.column, column);
      bottom = std::max(bottom, row + 1);
      right = std::max(right, column + 1);
    }
  box.rows = bottom - box.row;
  box.columns = right - box.column;
  return box;
}

/// The ink inside of an enclosure, in its box.
Field ink_inside(const Field& ink, const Mask& inside, const Box& box) {
  Field result = field_of(box.rows, box.columns);
  for (std::size_t row = 0; row < box.rows; ++row)
    for (std::size_t column = 0; column < box.columns; ++column)
      if (inside.at(box.row + row, box.column + column))
        result.at(row, column) = ink.at(box.row + row, box.column + column);
  return result;
}

/// The innermost enclosure by strong ink alone, else by fainter lines, too.
std::optional<Enclosure> enclosure_of(const Field& ink, const InkLevels& levels) {
  for (const float part : {1.0F, 0.6F, 0.35F}) {
    const float threshold = std::max(levels.faint, part * levels.threshold);
    if (std::optional<Enclosure> enclosure = find_enclosure(mask_of(ink, threshold))) return enclosure;
    if (threshold == levels.faint) break;
  }
  return std::nullopt;
}

/// Goes into what encloses the digit, from outline to outline.
void enter_enclosures(FoundStroke& found) {
  constexpr int deepest = 4;
  for (int depth = 0; depth < deepest; ++depth) {
    const std::optional<Enclosure> enclosure = enclosure_of(found.ink, found.levels);
    if (!enclosure) return;
    const Box box = box_of(enclosure->inside);
    Field inside = ink_inside(found.ink, enclosure->inside, box);
    const std::optional<InkLevels> levels = ink_levels(inside);
    if (!levels) return;
    found.ink = std::move(inside);
    found.levels = *levels;
    found.row += box.row;
    found.column += box.column;
    found.enclosed = true;
    if (enclosure->several && found.warnings.empty()) found.warnings.push_back(several_digits_hint());
  }
}

Field turned_to_dark_ink(Field light, Polarity polarity) {
  if (polarity == Polarity::light_on_dark)
    for (float& value : light.values) value = 255 - value;
  return light;
}

/// The stroke in a ground's ink.
std::optional<FoundStroke> find_in_ink(Field ink, Polarity polarity) {
  const std::optional<InkLevels> levels = ink_levels(ink);
  if (!levels) return std::nullopt;
  FoundStroke found{.polarity = polarity, .ink_of_ground = ink, .ink = std::move(ink), .levels = *levels};
  enter_enclosures(found);
  found.stroke = stroke_without_lines(found.ink, found.levels);
  if (found.stroke.pixels == 0) return std::nullopt;
  return found;
}

/// The stroke on a ground that goes on to all sides.
std::optional<FoundStroke> find_in_the_open(const Field& light) {
  std::optional<CoarseGround> ground;
  const Polarity polarity = find_polarity(light, ground);
  if (polarity == Polarity::dark_on_light)
    return find_in_ink(ground ? ink_strength(light, *ground) : ink_strength(light), polarity);
  return find_in_ink(ink_strength(turned_to_dark_ink(light, polarity)), polarity);
}

/// Under the edge of a shadow; only what is whole, alone and not small is taken.
std::optional<FoundStroke> find_in_shadow(const Field& light) {
  constexpr double least_side = 0.15;  // of the larger side
  const auto side = static_cast<double>(std::max(light.rows, light.columns));
  for (const Polarity polarity : {Polarity::dark_on_light, Polarity::light_on_dark}) {
    const std::optional<Field> ink = ink_strength_in_shadow(turned_to_dark_ink(light, polarity));
    if (!ink) continue;
    std::optional<FoundStroke> found = find_in_ink(*ink, polarity);
    if (!found || found->stroke.touches_border || found->stroke.has_neighbours) continue;
    const Box& box = found->stroke.box;
    if (static_cast<double>(std::max(box.rows, box.columns)) >= least_side * side) return found;
  }
  return std::nullopt;
}

/// Whether the stroke goes from side to side, or may be part of one that does.
bool fills(const FoundStroke& found, const Field& light) {
  constexpr double most = 0.85;
  const auto covers = [&](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) > most * static_cast<double>(whole);
  };
  return found.stroke.touches_border ||
         (covers(found.stroke.box.rows, light.rows) && covers(found.stroke.box.columns, light.columns));
}

/// The same where the ground may have been cut along the stroke.
std::optional<FoundStroke> find_to_the_edge(const Field& light) {
  std::optional<FoundStroke> found = find_in_the_open(light);
  const std::optional<PaddedCrop> crop = padded_crop(light);
  if (!crop || (found && found->polarity == crop->polarity && !fills(*found, light))) return found;
  if (std::optional<FoundStroke> in_crop = find_in_the_open(crop->light)) {
    in_crop->margin = crop->margin;
    return in_crop;
  }
  return found;
}

}  // namespace

std::optional<FoundStroke> find_stroke_of_few_pixels(const Field& light) {
  const std::size_t margin = std::max(light.rows, light.columns) / 8;
  const Polarity likely = find_polarity(light);
  const Polarity other = likely == Polarity::dark_on_light ? Polarity::light_on_dark : Polarity::dark_on_light;
  for (const Polarity polarity : {likely, other}) {
    const Field ink = ink_strength_on_even_paper(turned_to_dark_ink(light, polarity));
    Field large = field_of(light.rows + 2 * margin, light.columns + 2 * margin);
    for (std::size_t row = 0; row < light.rows; ++row)
      std::ranges::copy(ink.row(row), large.row(row + margin).begin() + static_cast<std::ptrdiff_t>(margin));
    std::optional<FoundStroke> found = find_in_ink(std::move(large), polarity);
    if (!found) continue;
    found->margin = margin;
    if (found->stroke.has_neighbours && found->warnings.empty()) found->warnings.push_back(several_digits_hint());
    return found;
  }
  return std::nullopt;
}

std::optional<FoundStroke> find_stroke(const Field& light) {
  std::optional<FoundStroke> found = find_to_the_edge(light);
  if (!found || (found->stroke.touches_border && !found->enclosed))
    if (std::optional<FoundStroke> in_shadow = find_in_shadow(light)) found = std::move(in_shadow);
  if (!found) return found;
  if (found->stroke.has_neighbours && found->warnings.empty()) found->warnings.push_back(several_digits_hint());
  if (found->stroke.touches_border && !found->enclosed)
    found->warnings.push_back("the stroke touches the picture's border: part of it may be missing");
  return found;
}

}  // namespace nib
