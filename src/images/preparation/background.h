#pragma once

#include <optional>

#include "images/preparation/field.h"
#include "images/preparation/surface.h"

namespace nib {

/// How much darker each pixel is than the paper around it: (paper - light) / paper, negative where it is lighter. The
/// paper's light is found on a coarse image, so that it follows gradients, vignettes and broad shadows: a closing with
/// a window wider than any stroke over what a smooth surface leaves, then the local mean of the pixels that are paper
/// by the first estimate.
Field ink_strength(const Field& light);
/// The same on a ground that is known.
Field ink_strength(const Field& light, const CoarseGround& ground);

/// The same under the hard edge of a shadow, which no smooth paper follows: the paper's light is a closing at full
/// size, with a window of a fifth of the larger side. It keeps straight edges where they are and fills strokes that are
/// thinner than the window. Noise lifts it, by as much as the median of what is left. nullopt where the paper's light
/// does not differ as under a shadow, by a sixth to three quarters.
std::optional<Field> ink_strength_in_shadow(const Field& light);

/// The same on paper of one light, that of the lightest tenth: of pictures of so few pixels that their paper can hardly
/// be told from a stroke by its width.
Field ink_strength_on_even_paper(const Field& light);

}  // namespace nib
