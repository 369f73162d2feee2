#pragma once

#include "images/preparation/field.h"
#include "images/preparation/mask.h"

namespace nib {

inline constexpr int any_distance = 30'000;  ///< more than any image's diagonal

/// How far each pixel's middle lies from the edge of the mask, in pixels: positive inside, negative outside. Euclidean:
/// along columns, then along rows; where distances are large, by Felzenszwalb and Huttenlocher, "Distance transforms of
/// sampled functions", Theory of Computing 8 (2012). What is beyond the image counts as outside. What is outside by
/// more than `reach` pixels, 1 or more, is told as so far: the less is asked for, the less is to do.
Field signed_distance(const Mask& mask, int reach = any_distance);

/// Tells anew what is outside, with another reach.
void tell_outside(const Mask& mask, int reach, Field& distance);

}  // namespace nib
