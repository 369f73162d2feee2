#include "score/sketches.h"

#include <algorithm>
#include <cmath>

#include "score/figures.h"

namespace nib {
namespace {

using Lines = std::vector<PenLine>;

void add(Lines& to, Lines lines) { std::ranges::move(lines, std::back_inserter(to)); }

/// Upright, most of the time.
float some_angle(Random& random) { return random.happens(0.6F) ? 0.0F : random.between(0, full_turn); }

Lines posed(Random& random, const Pose& pose, bool alone) {
  Lines lines = figure(random, alone);
  put(lines, pose, random);
  return lines;
}

/// A small one somewhere from `from` to 1 across and down.
Lines small_one(Random& random, float from, float least, float widest, float astray) {
  return posed(random,
               {.at = {random.between(from, 1), random.between(from, 1)},
                .size = random.between(least, 0.5F),
                .wide = random.between(0.6F, widest),
                .angle = some_angle(random),
                .astray = astray},
               false);
}

/// A figure, and up to three smaller ones in it, on it or beside it.
Lines one_with_details(Random& random) {
  const float astray = random.between(0, 0.12F);
  Lines lines =
      posed(random, {.wide = random.between(0.6F, 1.4F), .angle = some_angle(random), .astray = astray}, true);
  const std::size_t details = random.below(4);
  for (std::size_t i = 0; i < details; ++i) add(lines, small_one(random, -1, 0.08F, 1.5F, astray));
  return lines;
}

Lines some_about(Random& random) {
  Lines lines;
  const std::size_t figures = 2 + random.below(4);
  for (std::size_t i = 0; i < figures; ++i) add(lines, small_one(random, 0, 0.15F, 1.6F, 0.05F));
  return lines;
}

/// The left half once more on the right, with a trunk or a ring between.
Lines mirrored(Random& random) {
  Lines lines;
  const std::size_t figures = 1 + random.below(2);
  for (std::size_t i = 0; i < figures; ++i)
    add(lines, posed(random,
                     {.at = {random.between(0, 0.8F), random.between(-0.8F, 0.8F)},
                      .size = random.between(0.2F, 0.6F),
                      .angle = some_angle(random)},
                     false));
  for (std::size_t i = 0, before = lines.size(); i < before; ++i) {
    lines.push_back(lines[i]);
    for (PenPoint& point : lines.back()) point.x = -point.x;
  }
  if (random.happens(0.6F))
    add(lines, posed(random, {.at = {0, random.between(-0.5F, 0.5F)}, .size = random.between(0.2F, 1)}, false));
  return lines;
}

/// The same beside or below itself.
Lines repeated(Random& random) {
  const Lines one = figure(random, false);
  const std::size_t count = 2 + random.below(2);
  const float apart = random.between(1, 2.6F), angle = random.between(0, full_turn), size = random.between(0.7F, 1.2F);
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) {
    Lines again = one;
    put(again,
        {.at = {apart * static_cast<float>(i) * std::cos(angle), apart * static_cast<float>(i) * std::sin(angle)},
         .size = i % 2 == 0 ? 1.0F : size,
         .astray = 0.04F},
        random);
    add(lines, std::move(again));
  }
  return lines;
}

}  // namespace

std::vector<PenLine> sketch(Random& random) {
  const float kind = random.between(0, 1);
  if (kind < 0.5F) return one_with_details(random);
  if (kind < 0.7F) return some_about(random);
  return kind < 0.88F ? mirrored(random) : repeated(random);
}

std::vector<PenLine> scribble(Random& random) {
  const float wide = random.between(0.5F, 1.05F), slant = random.happens(0.4F) ? random.between(-0.25F, 0.25F) : 0.0F;
  std::vector<std::size_t> used{random.below(9)};
  Lines lines;
  const auto place = [&](std::size_t node) {
    return PenPoint{0.5F * wide * static_cast<float>(node % 3), 0.5F * static_cast<float>(node / 3)};
  };
  const std::size_t strokes = 2 + random.below(4);
  for (std::size_t i = 0; i < strokes; ++i) {
    const std::size_t from = random.happens(0.45F) ? used[random.below(used.size())] : used.back();
    const std::size_t to = (from + 1 + random.below(8)) % 9;
    const PenPoint a = place(from), b = place(to);
    PenLine line{a, b};
    if (random.happens(0.35F)) {
      const float bent = random.between(0.6F, 1.3F) * (random.happens(0.5F) ? 1.0F : -1.0F);
      line = rounded({a, {(a.x + b.x) / 2 - bent * (b.y - a.y), (a.y + b.y) / 2 + bent * (b.x - a.x)}, b});
    }
    for (PenPoint& point : line) point.x -= slant * (point.y - 0.5F);
    lines.push_back(line);
    used.push_back(to);
  }
  return lines;
}

std::vector<PenLine> bars(Random& random) {
  const float angle = random.between(0, full_turn), cosine = std::cos(angle), sine = std::sin(angle);
  const std::size_t count = 2 + random.below(5);
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) {
    const float aside = static_cast<float>(i) / static_cast<float>(count - 1) - 0.5F, half = random.between(0.4F, 0.6F);
    lines.push_back({{-sine * aside - cosine * half, cosine * aside - sine * half},
                     {-sine * aside + cosine * half, cosine * aside + sine * half}});
    if (random.happens(0.4F))
      lines.push_back({{cosine * aside - sine * half, sine * aside + cosine * half},
                       {cosine * aside + sine * half, sine * aside - cosine * half}});
  }
  return lines;
}

}  // namespace nib
