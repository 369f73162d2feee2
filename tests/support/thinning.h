#pragma once

#include "images/preparation/mask.h"

namespace nib::styles {

/// The middle lines of a mask, one pixel wide, by T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning
/// digital patterns", Communications of the ACM 27 (1984). Its outermost rows and columns are left as they are.
Mask thinned(Mask mask);

}  // namespace nib::styles
