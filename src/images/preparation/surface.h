#pragma once

#include <cstddef>

#include "images/preparation/field.h"
#include "images/preparation/mask.h"

namespace nib {

/// The smooth surface a + b x + c y + d x^2 + e x y + f y^2 that lies nearest to the field's values by the sum of
/// absolute differences, in which the pixels at the border weigh three times as much as all others together. Like a
/// median it does not mind a stroke, dark or light, that has less than half of the weight, even where it covers most of
/// the picture: it follows the light on the background.
Field background_surface(const Field& field);

/// The same through the `known` pixels alone, all of one weight.
Field background_surface(const Field& field, const Mask& known);

/// A picture reduced to at most 48 pixels a side, and the background's surface in it.
struct CoarseGround {
  std::size_t factor = 1;  ///< pixels of the picture that are one here, a side
  Field light{}, surface{};
};
CoarseGround coarse_ground(const Field& light);

}  // namespace nib
