#include "images/preparation/prepare.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "images/preparation/background.h"
#include "images/preparation/digit_image.h"
#include "images/preparation/levels.h"
#include "images/preparation/ruled_lines.h"
#include "images/preparation/stroke.h"

namespace nib {
namespace {

constexpr std::size_t working_side = 700;    ///< larger pictures are reduced to at most this for all that follows
constexpr std::size_t smoothing_side = 100;  ///< from here on pictures are smoothed: their pixels are finer than needed
constexpr std::size_t stage_side = 320;      ///< of the stages that are kept

std::size_t factor_to(std::size_t side, const Field& field) {
  return (std::max(field.rows, field.columns) + side - 1) / side;
}

Stage stage_of(const Field& ink, float full) {
  const Field small = reduced(ink, factor_to(stage_side, ink));
  Stage stage{small.rows, small.columns, {}};
  for (const float value : small.values)
    stage.ink.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value / full, 0.0F, 1.0F) * 255)));
  return stage;
}

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

Box scaled(const Box& box, std::size_t factor, const GreyImage& picture) {
  Box result{box.row * factor, box.column * factor, 0, 0};
  result.rows = std::min(picture.rows, (box.row + box.rows) * factor) - result.row;
  result.columns = std::min(picture.columns, (box.column + box.columns) * factor) - result.column;
  return result;
}

Error no_stroke(const std::string& source) {
  return input_error(
      {.file = source,
       .problem = "no stroke found",
       .hint = "the picture is all of one grey, or its digit too faint: try more light or a darker pen"});
}

}  // namespace

std::string several_digits_hint() {
  return "looks like more than one digit: the largest is taken (" + setting("several") + " reads them all)";
}

Stage display_stage(const GreyImage& picture) {
  Field ink = reduced_light(picture, 1);
  for (float& value : ink.values) value = 255 - value;
  return stage_of(ink, 255);
}

PreparedImage prepare_image(const GreyImage& picture, std::size_t rows, std::size_t columns,
                            const std::string& source) {
  const std::size_t factor = (std::max(picture.rows, picture.columns) + working_side - 1) / working_side;
  Field light = reduced_light(picture, factor);
  if (std::max(light.rows, light.columns) >= smoothing_side) light = box_mean(light, 1);
  PreparedImage prepared;
  prepared.polarity = find_polarity(light);
  if (prepared.polarity == Polarity::light_on_dark)
    for (float& value : light.values) value = 255 - value;
  Field ink = ink_strength(light);
  const std::optional<InkLevels> levels = ink_levels(ink);
  if (!levels) throw no_stroke(source);
  const Stroke stroke = stroke_without_lines(ink, *levels);
  if (stroke.pixels == 0) throw no_stroke(source);
  const Field alone = ink_of_digit(ink, stroke.mask, stroke.box, levels->core);
  prepared.image = digit_image(alone, stroke.box, levels->threshold / levels->core, rows, columns);
  prepared.background_removed = stage_of(ink, levels->core);
  prepared.stroke = stage_of(alone, 1);
  prepared.box = scaled(stroke.box, factor, picture);
  if (stroke.has_neighbours) prepared.warnings.push_back(several_digits_hint());
  if (stroke.touches_border)
    prepared.warnings.push_back("the stroke touches the picture's border: part of it may be missing");
  return prepared;
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
