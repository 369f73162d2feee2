#include "images/preparation/colour_contrast.h"

#include <algorithm>
#include <cmath>

#include "images/preparation/surface.h"

namespace nib {
namespace {

constexpr std::size_t smoothing_side = 100;  ///< from here on colours are smoothed, as light is
constexpr float least_strength = 10;         ///< levels: less is what JPEG leaves of grey
constexpr float ground = 200, ink = 60;      ///< light of what is drawn

/// How far each value is from the smooth surface through the ground.
Field off_the_ground(const std::vector<std::uint8_t>& plane, std::size_t rows, std::size_t columns) {
  Field field{rows, columns, {plane.begin(), plane.end()}};
  if (std::max(rows, columns) >= smoothing_side) field = box_mean(field, 1);
  const CoarseGround behind = coarse_ground(field);
  const Field surface = enlarged(behind.surface, behind.factor, rows, columns);
  for (std::size_t i = 0; i < field.values.size(); ++i) field.values[i] -= surface.values[i];
  return field;
}

/// Along the principal axis of both, with the side up to which it reaches further.
Field along_principal_axis(const Field& blue, const Field& red) {
  double blues = 0, reds = 0, both = 0;
  for (std::size_t i = 0; i < blue.values.size(); ++i) {
    const double b = blue.values[i], r = red.values[i];
    blues += b * b;
    reds += r * r;
    both += b * r;
  }
  const double angle = std::atan2(2 * both, blues - reds) / 2;
  const auto of_blue = static_cast<float>(std::cos(angle)), of_red = static_cast<float>(std::sin(angle));
  Field along = blue;
  double cubes = 0;
  for (std::size_t i = 0; i < along.values.size(); ++i) {
    float& value = along.values[i];
    value = of_blue * value + of_red * red.values[i];
    cubes += static_cast<double>(value) * static_cast<double>(value) * static_cast<double>(value);
  }
  if (cubes < 0)
    for (float& value : along.values) value = -value;
  return along;
}

/// Where most of the variance comes from a few values of about one size, that size.
float strength_of(const Field& along) {
  double squares = 0, cubes = 0;
  for (const float value : along.values) {
    const double square = static_cast<double>(value) * static_cast<double>(value);
    squares += square;
    cubes += square * std::abs(static_cast<double>(value));
  }
  return squares > 0 ? static_cast<float>(cubes / squares) : 0.0F;
}

}  // namespace

std::optional<ColourContrast> colour_contrast(const Colours& colours) {
  if (colours.rows == 0) return std::nullopt;
  ColourContrast result{.light = along_principal_axis(off_the_ground(colours.blue, colours.rows, colours.columns),
                                                      off_the_ground(colours.red, colours.rows, colours.columns))};
  result.strength = strength_of(result.light);
  if (result.strength < least_strength) return std::nullopt;
  for (float& value : result.light.values)
    value = std::clamp(ground - (ground - ink) * value / result.strength, 0.0F, 255.0F);
  return result;
}

}  // namespace nib
