#pragma once

#include "images/preparation/field.h"

namespace nib {

/// Draws a stroke anew as if all digits were written with pens of similar width, as MNIST's are: `ink` (0 on
/// paper, not 0 everywhere) becomes sharp at `threshold` of its largest value, and a stroke that is thinner or thicker
/// than usual for a digit whose larger side is `side` pixels grows or shrinks to what is just usual, evenly on both
/// sides, but for half of its thickest place at most. The result is 1 inside and 0 outside, with edges one pixel soft.
Field with_usual_pen(const Field& ink, float threshold, double side);

}  // namespace nib
