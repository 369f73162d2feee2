#pragma once

#include <optional>
#include <string>
#include <vector>

#include "images/preparation/field.h"
#include "images/preparation/levels.h"
#include "images/preparation/polarity.h"
#include "images/preparation/stroke.h"

namespace nib {

/// The digit's stroke on its ground, and the ink that it was chosen from.
struct FoundStroke {
  Polarity polarity = Polarity::dark_on_light;
  Field ink_of_ground{};            ///< of the whole ground, without its light
  Field ink{};                      ///< of the part in which the stroke was chosen, without ruled lines
  std::size_t row = 0, column = 0;  ///< where that part begins on the ground
  std::size_t margin = 0;           ///< of paper that was added around the ground, on each side
  InkLevels levels{};
  Stroke stroke{};        ///< in pixels of `ink`
  bool enclosed = false;  ///< that part is the inside of a box, a circle, a cell or a frame
  std::vector<std::string> warnings{};
};

/// Finds the stroke on a ground that fills its image: polarity, background removed, levels, the inside of what encloses
/// the digit, ruled lines removed, the stroke chosen.
std::optional<FoundStroke> find_stroke(const Field& light);

/// The same of a picture of few pixels, made finer: its paper is even, and goes on beyond the border, which strokes of
/// such pictures reach.
std::optional<FoundStroke> find_stroke_of_few_pixels(const Field& light);

}  // namespace nib
