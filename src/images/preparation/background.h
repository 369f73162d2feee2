#pragma once

#include "images/preparation/field.h"

namespace nib {

/// How much darker each pixel is than the paper around it: (paper - light) / paper, negative where it is lighter. The
/// paper's light is found on a coarse image, so that it follows gradients, vignettes and broad shadows: a closing with
/// a window wider than any stroke over what a smooth surface leaves, then the local mean of the pixels that are paper
/// by the first estimate.
Field ink_strength(const Field& light);

}  // namespace nib
