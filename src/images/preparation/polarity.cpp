#include "images/preparation/polarity.h"

#include <algorithm>

namespace nib {
namespace {

constexpr std::size_t stroke_side = 256;  ///< pixels a side that still show thin strokes

}  // namespace

const char* polarity_name(Polarity polarity) {
  if (polarity == Polarity::by_colour) return "by colour";
  return polarity == Polarity::dark_on_light ? "dark on light" : "light on dark";
}

Polarity find_polarity(const Field& light, std::optional<CoarseGround>& ground) {
  const std::size_t factor = (std::max(light.rows, light.columns) + stroke_side - 1) / stroke_side;
  const Field image = reduced(light, factor);
  ground = coarse_ground(image);
  const Field background = enlarged(ground->surface, ground->factor, image.rows, image.columns);
  if (factor > 1) ground.reset();
  double cubes = 0;
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const double difference = image.values[i] - background.values[i];
    cubes += difference * difference * difference;
  }
  return cubes > 0 ? Polarity::light_on_dark : Polarity::dark_on_light;
}

Polarity find_polarity(const Field& light) {
  std::optional<CoarseGround> ignored;
  return find_polarity(light, ignored);
}

}  // namespace nib
