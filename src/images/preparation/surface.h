#pragma once

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

}  // namespace nib
