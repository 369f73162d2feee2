#include "images/several/page.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "images/preparation/background.h"
#include "images/preparation/ruled_lines.h"

namespace nib {

Page read_page(const GreyImage& picture, const std::string& source) {
  constexpr std::size_t working_side = 2'000;
  Page page;
  page.factor = (std::max(picture.rows, picture.columns) + working_side - 1) / working_side;
  Field light = reduced_light(picture, page.factor);
  page.polarity = find_polarity(light);
  if (page.polarity == Polarity::light_on_dark)
    for (float& value : light.values) value = 255 - value;
  page.ink = ink_strength(light);
  const std::optional<InkLevels> levels = ink_levels(page.ink);
  if (!levels)
    throw input_error(
        {.file = source,
         .problem = "no stroke found",
         .hint = "the picture is all of one grey, or its digits too faint: try more light; ink that differs in "
                 "colour alone is read one digit a picture only"});
  page.levels = *levels;
  Field without = page.ink;
  remove_ruled_lines(without, levels->faint);
  page.mask = mask_of(without, levels->threshold);
  // A picture cut close to a 1 looks like a line alone.
  if (std::ranges::count(page.mask.set, 1) == 0)
    page.mask = mask_of(page.ink, levels->threshold);
  else
    page.ink = std::move(without);
  return page;
}

Box in_picture(const Box& box, std::size_t factor, const GreyImage& picture) {
  Box result{box.row * factor, box.column * factor, 0, 0};
  result.rows = std::min(picture.rows, (box.row + box.rows) * factor) - result.row;
  result.columns = std::min(picture.columns, (box.column + box.columns) * factor) - result.column;
  return result;
}

}  // namespace nib
