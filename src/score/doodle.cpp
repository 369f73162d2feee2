#include "score/doodle.h"

#include <cmath>

namespace nib {
namespace {

PenPoint beyond(PenPoint from, float length, float angle) {
  return {from.x + length * std::cos(angle), from.y + length * std::sin(angle)};
}

/// Begins and ends at a corner.
PenLine polygon(PenPoint touches, float radius, float angle, std::size_t corners) {
  const PenPoint middle = beyond(touches, radius, angle);
  PenLine line;
  for (std::size_t i = 0; i <= corners; ++i)
    line.push_back(
        beyond(middle, radius, angle + full_turn * (0.5F + static_cast<float>(i) / static_cast<float>(corners))));
  return line;
}

PenLine ring(PenPoint touches, float radius, float angle) { return polygon(touches, radius, angle, 12); }

/// Straight, or bent to one side.
PenLine stroke(PenPoint from, float length, float angle, float bent) {
  const PenPoint to = beyond(from, length, angle);
  if (bent == 0) return {from, to};
  return rounded({from, beyond(beyond(from, length / 2, angle), bent * length, angle + full_turn / 4), to});
}

/// An end of a line, or a place along it, and where it comes from there.
struct Anchor {
  PenPoint at{};
  float angle = 0;
};

Anchor anchor_on(const PenLine& line, Random& random) {
  const std::size_t corner = random.below(line.size() - 1);
  const float part = random.happens(0.4F) ? 0.5F : random.between(0, 1);
  const bool at_the_end = random.happens(0.5F);
  const PenPoint a = at_the_end ? line[line.size() - 2] : line[corner], b = at_the_end ? line.back() : line[corner + 1];
  const float angle = std::atan2(b.y - a.y, b.x - a.x);
  if (at_the_end) return {b, angle};
  return {{a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)}, angle};
}

}  // namespace

std::vector<PenLine> doodle(Random& random) {
  const float upright = full_turn / 4 + (random.happens(0.7F) ? random.between(-0.15F, 0.15F) : random.between(0, 6));
  const float bent = random.happens(0.25F) ? random.between(-0.4F, 0.4F) : 0.0F;
  const float kind = random.between(0, 1), size = random.between(0.5F, 1.5F);
  std::vector<PenLine> lines{kind < 0.2F   ? ring({0, 0}, size / 2.5F, upright)
                             : kind < 0.5F ? polygon({0, 0}, size / 2, upright, 3 + random.below(3))
                                           : stroke({0, 0}, size, upright, bent)};
  // What begins there may go on backwards, too: as a head over a body.
  if (random.happens(0.5F)) lines.push_back(ring({0, 0}, random.between(0.15F, 0.45F), upright + full_turn / 2));
  const std::size_t parts = 1 + random.below(4);
  for (std::size_t i = 0; i < parts; ++i) {
    const Anchor anchor = anchor_on(lines[random.below(lines.size())], random);
    const float length = random.between(0.3F, 1.1F),
                aside = random.happens(0.4F) ? full_turn / 4 : random.between(0.2F, 1.7F),
                across = random.happens(0.3F) ? random.between(0, 0.4F) : 0.0F,
                curve = random.happens(0.3F) ? random.between(-0.4F, 0.4F) : 0.0F;
    const bool in_pairs = random.happens(0.5F), left = random.happens(0.5F), is_ring = random.happens(0.2F);
    for (const float side : {-1.0F, 1.0F}) {
      if (!in_pairs && (side < 0) != left) continue;
      const float angle = anchor.angle + side * aside;
      lines.push_back(is_ring ? ring(anchor.at, length / 3, angle)
                              : stroke(beyond(anchor.at, -across * length, angle), length, angle, side * curve));
    }
  }
  const float astray = random.between(0, 0.06F);
  for (PenLine& line : lines)
    for (PenPoint& point : line)
      point = {point.x + random.between(-astray, astray), point.y + random.between(-astray, astray)};
  return lines;
}

}  // namespace nib
