#include "score/letters.h"

#include <cmath>

#include "score/letter_strokes.h"

namespace nib {
namespace {

/// Short bars across the ends at the top, at the height of small letters, and at the foot.
void add_serifs(std::vector<PenLine>& lines, Random& random) {
  const float half = random.between(0.3F, 0.9F), likely = random.between(0.6F, 1), left_alone = random.between(0, 0.6F);
  for (std::size_t i = 0, strokes = lines.size(); i < strokes; ++i)
    for (const PenPoint end : {lines[i].front(), lines[i].back()}) {
      const bool at_a_line = std::abs(end.y - 2) < 0.4F || end.y < 0.4F || end.y > 5.6F;
      if (!at_a_line || !random.happens(likely)) continue;
      const float right = random.happens(left_alone) ? 0.0F : half;
      lines.push_back({{end.x - half, end.y}, {end.x + right, end.y}});
    }
}

}  // namespace

std::vector<PenLine> letter(Random& random) {
  std::vector<PenLine> lines;
  const bool printed = random.happens(0.5F), leant = random.happens(printed ? 0.3F : 0.5F);
  const float wide = random.between(0.55F, 1.3F),
              astray = printed ? random.between(0, 0.08F) : random.between(0, 0.35F),
              slant = !leant    ? 0.0F
                      : printed ? random.between(0.15F, 0.3F)
                                : random.between(-0.25F, 0.3F);
  // The height of small letters and of middle bars goes up or down.
  const float middle = random.between(-0.5F, 0.5F);
  for (const LetterStroke& stroke : letter_strokes(random.below(letter_count()))) {
    PenLine line = stroke.line;
    for (PenPoint& point : line) {
      if (point.y > 0.5F && point.y < 5.5F) point.y += middle * (point.y < 3.5F ? 1.0F : 0.5F);
      point.x += astray * random.between(-1.4F, 1.4F);
      point.y += astray * random.between(-1.7F, 1.7F);
    }
    if (stroke.round) line = rounded(line);
    lines.push_back(line);
  }
  if (random.happens(0.45F)) add_serifs(lines, random);
  for (PenLine& line : lines)
    for (PenPoint& point : line) point.x = wide * point.x - slant * (point.y - 3);
  return lines;
}

}  // namespace nib
