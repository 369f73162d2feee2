#pragma once

#include "images/preparation/field.h"
#include "images/preparation/mask.h"

namespace nib {

/// How far each pixel's middle lies from the edge of the mask, in pixels: positive inside, negative outside. Euclidean,
/// by Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", Theory of Computing 8 (2012). What is
/// beyond the image counts as outside.
Field signed_distance(const Mask& mask);

}  // namespace nib
