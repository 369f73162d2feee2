#include "support/surfaces.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nib::styles {
namespace {

constexpr float full_turn = 6.2832F;

/// Smooth noise of about 0 to 1: random values on a grid, with a smooth step between them.
class Noise {
 public:
  explicit Noise(PictureRandom& random) {
    for (float& value : values_) value = random.between(0, 1);
  }
  float at(float y, float x) const {
    const float top = std::floor(y), left = std::floor(x);
    const float v = smooth(y - top), u = smooth(x - left);
    const auto i = static_cast<unsigned>(static_cast<int>(top)), j = static_cast<unsigned>(static_cast<int>(left));
    const float upper = value(i, j) + u * (value(i, j + 1) - value(i, j));
    const float lower = value(i + 1, j) + u * (value(i + 1, j + 1) - value(i + 1, j));
    return upper + v * (lower - upper);
  }

 private:
  static float smooth(float t) { return t * t * (3 - 2 * t); }
  float value(unsigned i, unsigned j) const { return values_[(i % side) * side + j % side]; }
  static constexpr unsigned side = 64;
  std::vector<float> values_ = std::vector<float>(std::size_t{side} * side);
};

template <typename Level>
Field painted(std::size_t rows, std::size_t columns, const Level& level) {
  Field field = field_of(rows, columns);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      field.at(row, column) = std::clamp(level(static_cast<float>(row), static_cast<float>(column)), 0.0F, 1.0F);
  return field;
}

float sharp(float value, float at, float softness) { return std::clamp((value - at) / softness + 0.5F, 0.0F, 1.0F); }

/// Distance to the nearest of lines `spacing` apart.
float from_line(float place, float spacing) { return std::abs(place - spacing * std::round(place / spacing)); }

Field scribble(std::size_t rows, std::size_t columns, PictureRandom& random) {
  Canvas canvas(rows, columns);
  const int strokes = random.whole_between(15, 60);
  cairo_set_line_width(canvas.pen(), static_cast<double>(random.between(1.5F, 6)));
  const auto place = [&](std::size_t side) {
    return static_cast<double>(random.between(-0.1F, 1.1F)) * static_cast<double>(side);
  };
  std::vector<double> points;
  for (int i = 0; i < strokes; ++i) {
    const double x = place(columns), y = place(rows);
    points.insert(points.end(), {x, y});
  }
  canvas.line(points, 0, random);
  return canvas.ink();
}

}  // namespace

Field blank_surface(std::size_t rows, std::size_t columns, PictureRandom& random) {
  const int kind = random.whole_between(0, 5);
  const float smaller = static_cast<float>(std::min(rows, columns)), spacing = smaller * random.between(0.12F, 0.4F),
              first = spacing * random.between(0, 1), slope = random.between(-0.02F, 0.02F),
              width = smaller * random.between(0.006F, 0.014F), strength = random.between(0.35F, 0.75F);
  const auto ruled = [&](float along, float across) {
    return strength * sharp(width / 2 - from_line(across + slope * along - first, spacing), 0, 1.5F);
  };
  if (kind == 1) return painted(rows, columns, [&](float y, float x) { return ruled(x, y); });
  if (kind == 2) return painted(rows, columns, [&](float y, float x) { return std::max(ruled(x, y), ruled(-y, x)); });
  const float angle = random.between(0, full_turn), place = random.between(-0.2F, 0.2F) * smaller,
              softness = smaller * random.between(0.08F, 0.4F), loss = random.between(0.1F, 0.35F);
  const auto aside = [&](float y, float x) {
    return (x - static_cast<float>(columns) / 2) * std::cos(angle) +
           (y - static_cast<float>(rows) / 2) * std::sin(angle) - place;
  };
  if (kind == 3)
    return painted(rows, columns, [&](float y, float x) { return loss * sharp(aside(y, x), 0, softness); });
  if (kind == 4) {  // a fold: a soft, faint line
    const float wide = smaller * random.between(0.01F, 0.04F);
    return painted(rows, columns,
                   [&](float y, float x) { return 0.4F * loss * std::max(0.0F, 1 - std::abs(aside(y, x)) / wide); });
  }
  if (kind == 5) {
    Canvas canvas(rows, columns);
    const int specks = random.whole_between(1, 12);
    for (int i = 0; i < specks; ++i) {
      cairo_set_line_width(canvas.pen(), static_cast<double>(smaller * random.between(0.004F, 0.02F)));
      const double x = static_cast<double>(random.between(0, static_cast<float>(columns))),
                   y = static_cast<double>(random.between(0, static_cast<float>(rows)));
      canvas.line({x, y, x + 0.5, y}, 0, random);
    }
    return canvas.ink();
  }
  return field_of(rows, columns);
}

Field texture(std::size_t rows, std::size_t columns, PictureRandom& random) {
  const int kind = random.whole_between(0, 7);
  const float strength = random.between(0.1F, 1), scale = random.between(4, 60), angle = random.between(0, full_turn);
  const Noise noise(random);
  const float cosine = std::cos(angle), sine = std::sin(angle);
  const auto along = [&](float y, float x) { return x * cosine + y * sine; };
  const auto across = [&](float y, float x) { return y * cosine - x * sine; };
  const float density = random.between(0.35F, 0.65F), softness = random.between(0.05F, 0.6F);
  switch (kind) {
    case 0:  // stone: noise in three sizes
      return painted(rows, columns, [&](float y, float x) {
        const float value = 0.55F * noise.at(y / scale, x / scale) +
                            0.3F * noise.at(2.1F * y / scale, 2.1F * x / scale) +
                            0.15F * noise.at(4.3F * y / scale, 4.3F * x / scale);
        return strength * sharp(value, density, softness);
      });
    case 1:  // wood
      return painted(rows, columns, [&](float y, float x) {
        const float bent = across(y, x) + 1.5F * scale * noise.at(y / (3 * scale), x / (3 * scale));
        return strength * (0.5F + 0.5F * std::sin(full_turn * bent / scale));
      });
    case 2:  // cloth
      return painted(rows, columns, [&](float y, float x) {
        const float one = std::sin(full_turn * along(y, x) / scale), other = std::sin(full_turn * across(y, x) / scale);
        return strength * (0.5F + 0.25F * (one + other) + 0.2F * (noise.at(y / 3, x / 3) - 0.5F));
      });
    case 3:  // bricks
      return painted(rows, columns, [&](float y, float x) {
        const float tall = scale + 10, row = std::floor(y / tall), shift = static_cast<int>(row) % 2 ? tall : 0.0F;
        const float joint = std::min(from_line(y, tall), from_line(x + shift, 2 * tall));
        return strength * sharp(tall * 0.08F + 1 - joint, 0, 1.5F);
      });
    case 4:  // stripes
      return painted(rows, columns, [&](float y, float x) {
        return strength * sharp(std::sin(full_turn * along(y, x) / (scale + 6)), 0, softness);
      });
    case 5:  // dots
      return painted(rows, columns, [&](float y, float x) {
        const float wide = scale + 8;
        return strength *
               sharp(0.3F * wide - std::hypot(from_line(along(y, x), wide), from_line(across(y, x), wide)), 0, 2);
      });
    case 6:  // stone with veins
      return painted(rows, columns, [&](float y, float x) {
        const float value = noise.at(y / scale, x / scale) + 0.5F * noise.at(2.3F * y / scale, 2.3F * x / scale);
        return strength * sharp(0.04F - std::abs(value - 0.75F), 0, 0.05F);
      });
    default:
      return scribble(rows, columns, random);
  }
}

}  // namespace nib::styles
