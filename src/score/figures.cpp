#include "score/figures.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nib {
namespace {

using Lines = std::vector<PenLine>;

PenPoint around(float turn, float radius) {
  return {radius * std::sin(full_turn * turn), -radius * std::cos(full_turn * turn)};
}

/// `place` gives the point at 0 to 1.
template <typename Place>
PenLine curve(int points, const Place& place) {
  PenLine line;
  for (int i = 0; i <= points; ++i) line.push_back(place(static_cast<float>(i) / static_cast<float>(points)));
  return line;
}

PenLine ring(PenPoint at, float radius) {
  return curve(12, [&](float t) {
    const PenPoint point = around(t, radius);
    return PenPoint{at.x + point.x, at.y + point.y};
  });
}

PenLine closed(PenLine line) {
  line.push_back(line.front());
  return line;
}

Lines ring_or_arc(Random& random) {
  const float begin = random.between(0, 1), length = random.happens(0.7F) ? 1.0F : random.between(0.35F, 0.9F);
  return {curve(12, [&](float t) { return around(begin + length * t, 1); })};
}

Lines line(Random& random) {
  const PenPoint end = around(random.between(0, 1), random.between(0.6F, 1.2F));
  return {{{-end.x, -end.y}, end}};
}

/// Of equal sides, or with corners at any distance; some with a smaller one inside, or with its diagonals.
Lines polygon(Random& random) {
  const std::size_t corners = 3 + random.below(5);
  const float begin = random.between(0, 1), uneven = random.happens(0.4F) ? random.between(0.1F, 0.6F) : 0.0F;
  PenLine outline;
  for (std::size_t i = 0; i < corners; ++i)
    outline.push_back(
        around(begin + static_cast<float>(i) / static_cast<float>(corners), 1 - random.between(0, 1) * uneven));
  Lines lines{closed(outline)};
  if (random.happens(0.25F)) {
    const float inner = random.between(0.3F, 0.7F);
    for (PenPoint& point : outline) point = {inner * point.x, inner * point.y};
    lines.push_back(closed(outline));
  } else if (random.happens(0.3F)) {
    for (std::size_t i = 0; i < corners / 2; ++i) lines.push_back({outline[i], outline[i + (corners + 1) / 2]});
  }
  return lines;
}

Lines box(Random& random) {
  const float half = random.between(0.35F, 1);
  Lines lines{{{-1, -half}, {1, -half}, {1, half}, {-1, half}, {-1, -half}}};
  const std::size_t ticks = random.below(4);
  for (std::size_t i = 0; i < ticks; ++i) {
    const float at = random.between(-0.9F, 0.9F);
    if (random.happens(0.5F))
      lines.push_back({{at, random.happens(0.5F) ? -half : 0}, {at, half}});
    else
      lines.push_back({{random.happens(0.5F) ? -1.0F : 0.0F, half * at}, {1, half * at}});
  }
  return lines;
}

/// What goes up and down above a base, or around a middle: mountains, roofs, crowns, leaves, clouds.
Lines outline(Random& random) {
  PenLine line;
  if (random.happens(0.5F)) {
    const std::size_t points = 3 + random.below(5);
    line.push_back({-1, 1});
    for (std::size_t i = 0; i < points; ++i)
      line.push_back({2 * static_cast<float>(i) / static_cast<float>(points - 1) - 1, random.between(-1, 0.6F)});
    line.push_back({1, 1});
    line = closed(line);
  } else {
    const std::array<float, 3> depth = {random.between(0, 0.5F), random.between(0, 0.35F), random.between(0, 0.3F)};
    const std::array<float, 3> phase = {random.between(0, 1), random.between(0, 1), random.between(0, 1)};
    const std::size_t lowest = 1 + random.below(4);
    line = curve(28, [&](float t) {
      float radius = 1;
      for (std::size_t i = 0; i < 3; ++i)
        radius += depth[i] * std::cos(full_turn * (static_cast<float>(lowest + i) * t + phase[i]));
      return around(t, radius);
    });
  }
  return {line};
}

/// Drawn in one line through its middle, or along its outline.
Lines star(Random& random) {
  PenLine line;
  if (random.happens(0.5F)) {
    const std::size_t points = 5 + 2 * random.below(3), step = 2 + random.below(points / 2 - 1);
    for (std::size_t i = 0; i < points; ++i)
      line.push_back(around(static_cast<float>(i * step % points) / static_cast<float>(points), 1));
  } else {
    const std::size_t points = 3 + random.below(6);
    const float inner = random.between(0.25F, 0.65F);
    for (std::size_t i = 0; i < 2 * points; ++i)
      line.push_back(around(static_cast<float>(i) / static_cast<float>(2 * points), i % 2 == 0 ? 1 : inner));
  }
  return {closed(line)};
}

/// From the middle, or from around a ring in the middle; three at least.
Lines rays(Random& random) {
  const std::size_t count = 3 + random.below(8);
  const bool hub = random.happens(0.6F);
  const float inner = hub ? random.between(0.2F, 0.55F) : 0.0F, gap = random.happens(0.5F) ? 0.15F : 0.0F,
              begin = random.between(0, 1), tip = random.happens(0.25F) ? random.between(0.1F, 0.3F) : 0.0F;
  Lines lines;
  if (hub) lines.push_back(ring({0, 0}, inner));
  for (std::size_t i = 0; i < count; ++i) {
    const float turn = begin + static_cast<float>(i) / static_cast<float>(count);
    lines.push_back({around(turn, hub ? inner + gap : 0), around(turn, 1)});
    if (tip > 0) lines.push_back(ring(around(turn, 1), tip));
  }
  return lines;
}

Lines spiral(Random& random) {
  const float turns = random.between(1.8F, 4) * (random.happens(0.5F) ? 1.0F : -1.0F), inner = random.between(0, 0.3F),
              begin = random.between(0, 1);
  const bool square = random.happens(0.3F);
  const int points = static_cast<int>(std::abs(turns) * (square ? 4 : 14));
  return {curve(points, [&](float t) { return around(begin + turns * t, inner + (1 - inner) * t); })};
}

/// Up and down with straight or round turns, as often as three times or more.
Lines wave(Random& random) {
  const std::size_t turns = 3 + random.below(5);
  const float tall = random.between(0.25F, 1), growing = random.between(0.4F, 1.6F);
  PenLine line;
  for (std::size_t i = 0; i <= turns; ++i) {
    const float across = static_cast<float>(i) / static_cast<float>(turns);
    line.push_back({2 * across - 1, (i % 2 ? tall : -tall) * (1 + (growing - 1) * across)});
  }
  return {random.happens(0.5F) ? rounded(line) : line};
}

/// A shaft with a head at one end or both, open or filled out.
Lines arrow(Random& random) {
  const float back = random.between(0.3F, 0.8F), wide = random.between(0.3F, 0.8F);
  const bool filled = random.happens(0.3F), bent = random.happens(0.25F);
  const auto head = [&](float side) {
    PenLine line{{side * (1 - back), -wide}, {side, 0}, {side * (1 - back), wide}};
    return filled ? closed(line) : line;
  };
  Lines lines{
      bent ? rounded({{-1, random.between(-1, 1)}, {0, random.between(-1, 1)}, {1, 0}}) : PenLine{{-1, 0}, {1, 0}},
      head(1)};
  if (random.happens(0.3F)) lines.push_back(head(-1));
  return lines;
}

/// A stem with twigs, some of them ending in rings; or with a crown.
Lines branches(Random& random) {
  Lines lines{{{0, 1}, {0, -1}}};
  const std::size_t twigs = 2 + random.below(5);
  const float rise = random.between(-0.6F, 0.8F), reach = random.between(0.4F, 0.9F);
  const bool even = random.happens(0.6F), crown = random.happens(0.4F), fruit = random.happens(0.3F);
  for (std::size_t i = 0; i < twigs; ++i) {
    const float from = random.between(-0.8F, 0.9F);
    for (const float side : {-1.0F, 1.0F}) {
      if (!even && random.happens(0.5F)) continue;
      const PenPoint end{side * reach, from - rise};
      lines.push_back({{0, from}, end});
      if (fruit) lines.push_back(ring(end, 0.15F));
    }
  }
  if (crown) lines.push_back(ring({0, -1}, random.between(0.25F, 0.6F)));
  return lines;
}

/// Lobes around the middle, each a ring; or a rose, or a figure of two sines, drawn in one line.
Lines petals(Random& random) {
  Lines lines;
  const std::size_t lobes = 3 + random.below(4);
  if (random.happens(0.5F)) {
    const float radius = random.between(0.3F, 0.5F), begin = random.between(0, 1);
    for (std::size_t i = 0; i < lobes; ++i)
      lines.push_back(
          ring(around(begin + static_cast<float>(i) / static_cast<float>(lobes), random.between(0.5F, 0.65F)), radius));
    if (random.happens(0.5F)) lines.push_back(ring({0, 0}, 0.25F));
    return lines;
  }
  if (random.happens(0.6F))
    return {curve(
        40, [&](float t) { return around(t, std::abs(std::cos(full_turn * static_cast<float>(lobes) * t / 2))); })};
  const float across = static_cast<float>(1 + random.below(3)), down = static_cast<float>(2 + random.below(3)),
              phase = random.between(0, 1);
  return {curve(40, [&](float t) {
    return PenPoint{std::sin(full_turn * (across * t + phase)), std::sin(full_turn * down * t)};
  })};
}

Lines grid(Random& random) {
  Lines lines;
  const std::size_t across = 2 + random.below(3), down = 1 + random.below(3);
  const float lean = random.happens(0.3F) ? random.between(-0.4F, 0.4F) : 0.0F, over = random.between(0.7F, 1.1F);
  for (std::size_t i = 0; i < across; ++i) {
    const float at = 1.4F * (static_cast<float>(i) / static_cast<float>(across - 1) - 0.5F);
    lines.push_back({{at - lean, -over}, {at + lean, over}});
  }
  for (std::size_t i = 0; i < down; ++i) {
    const float at = 1.4F * ((static_cast<float>(i) + 0.5F) / static_cast<float>(down) - 0.5F);
    lines.push_back({{-over, at}, {over, at}});
  }
  return lines;
}

/// Two boxes or polygons, one behind the other, joined at their corners.
Lines solid(Random& random) {
  const std::size_t corners = 3 + random.below(3);
  const float begin = corners == 4 ? 0.125F : random.between(0, 1), size = random.between(0.6F, 1);
  const PenPoint behind{random.between(0.3F, 0.7F), random.between(-0.7F, -0.3F)};
  PenLine front, back;
  for (std::size_t i = 0; i < corners; ++i) {
    const PenPoint at = around(begin + static_cast<float>(i) / static_cast<float>(corners), 0.9F);
    front.push_back(at);
    back.push_back({size * at.x + behind.x, size * at.y + behind.y});
  }
  Lines lines{closed(front), closed(back)};
  for (std::size_t i = 0; i < corners; ++i) lines.push_back({front[i], back[i]});
  if (random.happens(0.5F)) lines.erase(lines.begin() + 1);
  return lines;
}

}  // namespace

std::vector<PenLine> figure(Random& random, bool alone) {
  using Make = Lines (*)(Random&);
  constexpr std::array<Make, 14> all = {ring_or_arc, line, polygon, box,      outline, star, rays,
                                        spiral,      wave, arrow,   branches, petals,  grid, solid};
  constexpr std::size_t like_digits = 2;  ///< the first ones
  return alone ? all[like_digits + random.below(all.size() - like_digits)](random)
               : all[random.below(all.size())](random);
}

void put(std::vector<PenLine>& lines, const Pose& pose, Random& random) {
  const float cosine = std::cos(pose.angle), sine = std::sin(pose.angle);
  for (PenLine& line : lines) {
    // A curve of many points wavers less than corners do.
    const float astray = line.size() > 8 ? 0.3F * pose.astray : pose.astray;
    for (PenPoint& point : line) {
      const float x = pose.wide * (point.x + random.between(-astray, astray)),
                  y = point.y + random.between(-astray, astray);
      point = {pose.at.x + pose.size * (cosine * x - sine * y), pose.at.y + pose.size * (sine * x + cosine * y)};
    }
  }
}

}  // namespace nib
