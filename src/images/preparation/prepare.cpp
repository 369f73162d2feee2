#include "images/preparation/prepare.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "images/preparation/colour_contrast.h"
#include "images/preparation/digit_image.h"
#include "images/preparation/find_stroke.h"
#include "images/preparation/flatten.h"
#include "images/preparation/resample.h"
#include "images/preparation/shadow_edge.h"
#include "images/preparation/sheet.h"
#include "images/preparation/tight_crop.h"

namespace nib {
namespace {

constexpr std::size_t working_side = largest_colour_side;  ///< larger pictures are reduced to this for what follows
constexpr std::size_t smoothing_side = 100;  ///< from here on pictures are smoothed: their pixels are finer than needed
constexpr std::size_t small_part = 12;       ///< a stroke of less than this part of a large picture is looked at closer
constexpr std::size_t stage_side = 320;      ///< of stages when they are drawn

std::size_t factor_to(std::size_t side, const Field& field) {
  return (std::max(field.rows, field.columns) + side - 1) / side;
}

/// The stroke's box on the ground, as far as that goes.
Box on_ground(const FoundStroke& found, std::size_t rows, std::size_t columns) {
  const auto range = [&](std::size_t first, std::size_t length, std::size_t count, std::size_t& begin,
                         std::size_t& extent) {
    begin = std::min(first - std::min(first, found.margin), count - 1);
    extent = std::clamp(first + length - std::min(first + length, found.margin), begin + 1, count) - begin;
  };
  Box box;
  range(found.row + found.stroke.box.row, found.stroke.box.rows, rows, box.row, box.rows);
  range(found.column + found.stroke.box.column, found.stroke.box.columns, columns, box.column, box.columns);
  return box;
}

/// Light of few levels from 0 on, as 0 and 1 or 0 to 16, made that of a usual picture.
Field stretched(Field light) {
  constexpr float few_levels = 32;
  const float lightest = largest_value(light);
  if (lightest > 0 && lightest <= few_levels)
    for (float& value : light.values) value *= 255 / lightest;
  return light;
}

/// Light for people to look at.
Step shadows_of(std::string name, Field light) {
  for (float& value : light.values) value = 255 - value;
  return {std::move(name), std::move(light), 255};
}

/// How many times finer a picture of few pixels has to be for what follows.
std::size_t finer_factor(const Field& light) {
  constexpr std::size_t few_pixels = 24, enough = 96;
  const std::size_t side = std::max(light.rows, light.columns);
  return side < few_pixels && side > 1 ? (enough + side - 1) / side : 1;
}

/// A box in pixels that are `factor` times as large as the picture's and `finer` times as small.
Box scaled(const Box& box, std::size_t factor, std::size_t finer, const GreyImage& picture) {
  const auto range = [&](std::size_t first, std::size_t length, std::size_t count, std::size_t& begin,
                         std::size_t& extent) {
    begin = std::min((first * factor + finer / 2) / finer, count - 1);
    extent = std::clamp(((first + length) * factor + finer / 2) / finer, begin + 1, count) - begin;
  };
  Box result;
  range(box.row, box.rows, picture.rows, result.row, result.rows);
  range(box.column, box.columns, picture.columns, result.column, result.columns);
  return result;
}

Error no_stroke(const std::string& source) {
  return input_error(
      {.file = source,
       .problem = "no stroke found",
       .hint = "the picture is all of one grey, or its digit too faint: try more light or a darker pen"});
}

/// The light in which a stroke was looked for, the sheet in it, and the stroke.
struct Finding {
  Field light{};
  std::optional<FlatSheet> sheet{};
  std::optional<FoundStroke> stroke{};

  const Field& ground() const { return sheet ? sheet->light() : light; }
};

Finding look_for_stroke(Field light) {
  Finding finding{.light = std::move(light)};
  // Where a picture is cut along its stroke, straight parts of that go from border to border as well.
  if (std::optional<Field> even = without_shadow(finding.light); even && !padded_crop(finding.light))
    finding.light = std::move(*even);
  if (const std::optional<Sheet> seen = find_sheet(finding.light)) {
    finding.sheet.emplace(finding.light, *seen);
    finding.stroke = find_stroke(finding.sheet->light());
    if (!finding.stroke) finding.sheet.reset();
  }
  if (!finding.stroke) finding.stroke = find_stroke(finding.light);
  return finding;
}

/// How many levels of light lie between a stroke and what is beside it in its box; 0 without a stroke.
float contrast_of(const Finding& finding) {
  if (!finding.stroke) return 0;
  const FoundStroke& found = *finding.stroke;
  const Box& box = found.stroke.box;
  double sums[2] = {}, counts[2] = {};
  for (std::size_t row = box.row; row < box.row + box.rows; ++row)
    for (std::size_t column = box.column; column < box.column + box.columns; ++column) {
      const std::size_t down = found.row + row, across = found.column + column;
      if (down < found.margin || down - found.margin >= finding.ground().rows || across < found.margin ||
          across - found.margin >= finding.ground().columns)
        continue;
      const std::size_t which = found.stroke.mask.at(row, column);
      sums[which] += static_cast<double>(finding.ground().at(down - found.margin, across - found.margin));
      counts[which] += 1;
    }
  if (counts[0] == 0 || counts[1] == 0) return 255;
  return static_cast<float>(std::abs(sums[0] / counts[0] - sums[1] / counts[1]));
}

/// Where grey shows no stroke, or a faint one, colour may show one that is strong, alone and whole.
std::optional<Finding> look_at_colours(const Colours& colours, const Finding& in_grey) {
  constexpr float faint = 50, clearly_more = 2;
  const float grey = contrast_of(in_grey);
  if (grey > faint) return std::nullopt;
  const std::optional<ColourContrast> contrast = colour_contrast(colours);
  if (!contrast || contrast->strength < clearly_more * grey) return std::nullopt;
  Finding finding = look_for_stroke(contrast->light);
  if (!finding.stroke || (in_grey.stroke && !finding.stroke->warnings.empty())) return std::nullopt;
  finding.stroke->polarity = Polarity::by_colour;
  return finding;
}

/// prepare_image() of all of a picture as it is.
PreparedImage prepare_whole(const GreyImage& picture, std::size_t rows, std::size_t columns,
                            const std::string& source) {
  const std::size_t factor = colour_factor(picture.rows, picture.columns);
  Field light = stretched(reduced_light(picture, factor));
  const std::size_t finer = finer_factor(light);
  const bool few_pixels = finer > 1;
  if (few_pixels) light = enlarged(light, finer, light.rows * finer, light.columns * finer);
  if (std::max(light.rows, light.columns) >= smoothing_side) light = box_mean(light, 1);
  Finding finding;
  if (few_pixels) {
    finding.stroke = find_stroke_of_few_pixels(light);
    finding.light = std::move(light);
  } else {
    finding = look_for_stroke(std::move(light));
    if (std::optional<Finding> in_colour = look_at_colours(picture.colours, finding)) finding = std::move(*in_colour);
  }
  if (!finding.stroke) throw no_stroke(source);
  FoundStroke& found = *finding.stroke;
  const Stroke& stroke = found.stroke;
  Field alone = ink_of_digit(found.ink, stroke.mask, stroke.box, found.levels.core);
  PreparedImage prepared{.polarity = found.polarity};
  prepared.image = digit_image(alone, stroke.box, found.levels.threshold / found.levels.core, rows, columns);
  if (found.polarity == Polarity::by_colour) prepared.steps.push_back(shadows_of("by colour", finding.light));
  if (finding.sheet) prepared.steps.push_back(shadows_of("the sheet", finding.sheet->light()));
  prepared.steps.push_back({"background removed", std::move(found.ink_of_ground), found.levels.core});
  if (found.enclosed) prepared.steps.push_back({"inside the outline", std::move(found.ink), found.levels.core});
  prepared.steps.push_back({"the stroke", std::move(alone), 1});
  const Box box = on_ground(found, finding.ground().rows, finding.ground().columns);
  prepared.box = scaled(finding.sheet ? finding.sheet->in_picture(box) : box, factor, finer, picture);
  prepared.warnings = std::move(found.warnings);
  return prepared;
}

/// A part of a picture.
GreyImage cut(const GreyImage& picture, const Box& box) {
  GreyImage part{box.rows, box.columns, {}, picture.coloured};
  for (std::size_t row = box.row; row < box.row + box.rows; ++row) {
    const auto first = picture.light.begin() + static_cast<std::ptrdiff_t>(row * picture.columns + box.column);
    part.light.insert(part.light.end(), first, first + static_cast<std::ptrdiff_t>(box.columns));
  }
  return part;
}

/// The box with as much around it as it is large, as far as the picture goes.
Box with_surroundings(const Box& box, const GreyImage& picture) {
  const std::size_t around = std::max(box.rows, box.columns);
  Box result{box.row - std::min(box.row, around), box.column - std::min(box.column, around), 0, 0};
  result.rows = std::min(picture.rows, box.row + box.rows + around) - result.row;
  result.columns = std::min(picture.columns, box.column + box.columns + around) - result.column;
  return result;
}

}  // namespace

std::string several_digits_hint() {
  return "looks like more than one digit: the largest is taken (" + setting("several") + " reads them all)";
}

Stage Step::stage() const {
  const Field small = reduced(ink, factor_to(stage_side, ink));
  Stage stage{small.rows, small.columns, std::vector<std::uint8_t>(small.values.size())};
  const float* const values = small.values.data();
  std::uint8_t* const levels = stage.ink.data();
  for (std::size_t i = 0; i < small.values.size(); ++i) {
    const double level = std::clamp(values[i] / full, 0.0F, 1.0F) * 255;
    levels[i] = static_cast<std::uint8_t>(static_cast<int>(level + 0.5));
  }
  return stage;
}

Stage display_stage(const GreyImage& picture) { return shadows_of("", reduced_light(picture, 1)).stage(); }

PreparedImage prepare_image(const GreyImage& picture, std::size_t rows, std::size_t columns,
                            const std::string& source) {
  PreparedImage prepared = prepare_whole(picture, rows, columns, source);
  const std::size_t side = std::max(picture.rows, picture.columns);
  if (side <= working_side || std::max(prepared.box.rows, prepared.box.columns) * small_part > side ||
      prepared.polarity == Polarity::by_colour)
    return prepared;
  // Few pixels were left of a small stroke in a large picture: again at full size, where that finds one, too.
  const Box part = with_surroundings(prepared.box, picture);
  try {
    PreparedImage closer = prepare_whole(cut(picture, part), rows, columns, source);
    if (!closer.warnings.empty()) return prepared;
    prepared.steps.pop_back();
    closer.steps.insert(closer.steps.begin(), std::make_move_iterator(prepared.steps.begin()),
                        std::make_move_iterator(prepared.steps.end()));
    closer.box.row += part.row;
    closer.box.column += part.column;
    closer.warnings = std::move(prepared.warnings);
    return closer;
  } catch (const Error&) {
    return prepared;
  }
}

PreparedImage take_as_is(const GreyImage& picture, std::size_t rows, std::size_t columns, const std::string& source) {
  if (picture.rows != rows || picture.columns != columns)
    throw input_error({.file = source,
                       .problem = "not of the network's size",
                       .expected = std::to_string(columns) + "x" + std::to_string(rows),
                       .got = std::to_string(picture.columns) + "x" + std::to_string(picture.rows),
                       .hint = "without " + setting("as is") + " pictures of any size are prepared"});
  return {.image = {rows, columns, picture.light}};
}

}  // namespace nib
