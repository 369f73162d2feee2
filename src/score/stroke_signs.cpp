#include "score/stroke_signs.h"

#include <fmt/core.h>

#include <algorithm>

#include "images/preparation/components.h"

namespace nib {

StrokeSigns stroke_signs(const Stage& stroke) {
  constexpr std::uint8_t half_ink = 118;  ///< where preparation has the stroke's edge
  Mask ink{stroke.rows, stroke.columns, {}}, paper = ink;
  std::size_t ink_pixels = 0, top = stroke.rows, bottom = 0, left = stroke.columns, right = 0;
  for (std::size_t i = 0; i < stroke.ink.size(); ++i) {
    const bool is_ink = stroke.ink[i] >= half_ink;
    ink.set.push_back(is_ink);
    paper.set.push_back(!is_ink);
    if (!is_ink) continue;
    ++ink_pixels;
    top = std::min(top, i / stroke.columns);
    bottom = std::max(bottom, i / stroke.columns + 1);
    left = std::min(left, i % stroke.columns);
    right = std::max(right, i % stroke.columns + 1);
  }
  StrokeSigns signs;
  if (ink_pixels == 0) return signs;
  const std::size_t box = (bottom - top) * (right - left);
  for (const Component& piece : components_of(ink).list) signs.pieces += piece.pixels * 50 >= ink_pixels;
  for (const Component& place : components_of(paper).list)
    signs.holes += !place.touches_border && place.pixels * 400 >= box;
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
