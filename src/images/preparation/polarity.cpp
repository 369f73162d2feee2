#include "images/preparation/polarity.h"

#include <algorithm>

#include "images/preparation/surface.h"

namespace nib {
namespace {

constexpr std::size_t stroke_side = 256;  ///< pixels a side that still show thin strokes
constexpr std::size_t surface_side = 48;  ///< pixels a side that are enough for a smooth surface

Field at_most(const Field& field, std::size_t side) {
  const std::size_t larger = std::max(field.rows, field.columns);
  return reduced(field, (larger + side - 1) / side);
}

}  // namespace

const char* polarity_name(Polarity polarity) {
  if (polarity == Polarity::by_colour) return "by colour";
  return polarity == Polarity::dark_on_light ? "dark on light" : "light on dark";
}

Polarity find_polarity(const Field& light) {
  const Field image = at_most(light, stroke_side);
  const std::size_t factor = (std::max(image.rows, image.columns) + surface_side - 1) / surface_side;
  const Field background = enlarged(background_surface(reduced(image, factor)), factor, image.rows, image.columns);
  double cubes = 0;
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const double difference = image.values[i] - background.values[i];
    cubes += difference * difference * difference;
  }
  return cubes > 0 ? Polarity::light_on_dark : Polarity::dark_on_light;
}

}  // namespace nib
