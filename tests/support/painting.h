#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "images/decoding/decode.h"
#include "images/preparation/field.h"
#include "support/random_numbers.h"

namespace nib::situations {

/// Numbers that belong to one picture in one situation.
class Random : public test::RandomNumbers {
 public:
  Random(std::size_t picture, std::uint32_t situation)
      : RandomNumbers(15, {static_cast<std::uint32_t>(picture), situation, 0x73697475}) {}
};

struct Point {
  float row = 0, column = 0;
};

/// Four corners in the order of a walk along the border, the inside on the same hand throughout.
using Quad = std::array<Point, 4>;

/// How far a point lies inside of a shape, in pixels; negative outside.
float inside_quad(const Quad& quad, Point at);
float inside_box(Point first, Point last, Point at, float round_corner = 0);
float inside_disc(Point middle, float radius, Point at);
float inside_line(Point from, Point to, float width, Point at);

/// A line of `width` along the border of a shape.
inline float outline_of(float inside, float width) { return width / 2 - std::abs(inside); }

/// Covers a part of a picture: `inside(Point)` pixels inside of it `level(Point)` is seen, softly at its edge.
template <typename Inside, typename Level>
void paint_levels(Field& picture, float softness, const Inside& inside, const Level& level) {
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      const Point at{static_cast<float>(row) + 0.5F, static_cast<float>(column) + 0.5F};
      const float part = std::clamp(inside(at) / softness + 0.5F, 0.0F, 1.0F);
      if (part > 0) picture.at(row, column) += part * (level(at) - picture.at(row, column));
    }
}

template <typename Inside>
void paint(Field& picture, float softness, float level, const Inside& inside) {
  paint_levels(picture, softness, inside, [&](Point) { return level; });
}

/// The projective map that takes the quad to the unit square, row first.
class ToSquare {
 public:
  explicit ToSquare(const Quad& quad);
  Point operator()(Point at) const;

 private:
  std::array<double, 9> inverse_{};
};

/// Light falls off across the picture by `loss` of it in direction `angle`.
void shade(Field& picture, float loss, float angle);
void add_noise(Field& picture, float deviation, Random& random);
GreyImage grey(const Field& picture);

}  // namespace nib::situations
