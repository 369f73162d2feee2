#include "score/stroke_signs.h"

#include <fmt/core.h>

#include "images/preparation/components.h"

namespace nib {

StrokeSigns stroke_signs(const Stage& stroke) {
  constexpr std::uint8_t half_ink = 118;  ///< where preparation has the stroke's edge
  Mask ink{stroke.rows, stroke.columns, std::vector<std::uint8_t>(stroke.ink.size())}, paper = ink;
  for (std::size_t i = 0; i < stroke.ink.size(); ++i) {
    ink.set[i] = stroke.ink[i] >= half_ink ? 1 : 0;
    paper.set[i] = ink.set[i] ^ 1;
  }
  StrokeSigns signs;
  const std::vector<Component> pieces = component_list(ink);
  if (pieces.empty()) return signs;
  std::size_t ink_pixels = 0;
  Box box = pieces.front().box;
  for (const Component& piece : pieces) {
    ink_pixels += piece.pixels;
    box = box_around(box, piece.box);
  }
  for (const Component& piece : pieces) signs.pieces += piece.pixels * 50 >= ink_pixels;
  for (const Component& place : component_list(paper))
    signs.holes += !place.touches_border && place.pixels * 400 >= box.rows * box.columns;
  return signs;
}

std::vector<std::string> warnings_of(const StrokeSigns& signs) {
  constexpr std::size_t most_holes = 2, most_pieces = 3;
  std::vector<std::string> warnings;
  if (signs.holes > most_holes)
    warnings.push_back(fmt::format("looks like no digit: its strokes enclose {} places", signs.holes));
  else if (signs.pieces > most_pieces)
    warnings.push_back(fmt::format("looks like no digit: it is in {} pieces", signs.pieces));
  return warnings;
}

}  // namespace nib
