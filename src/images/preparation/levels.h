#pragma once

#include <optional>

#include "images/preparation/field.h"

namespace nib {

/// What values of ink_strength() mean in one image.
struct InkLevels {
  float noise = 0;      ///< standard deviation on paper, by the median of the absolute values
  float core = 0;       ///< typical strength in the middle of the stroke
  float faint = 0;      ///< clearly above the noise: from here on there is something, if only a ruled line
  float threshold = 0;  ///< the stroke's edge: from here on a pixel counts as ink
};

/// nullopt where nothing stands out of the noise. The core is the mean of the stronger of the two classes into which
/// Otsu's method ("A threshold selection method from gray-level histograms", 1979) divides what is above the noise; the
/// weaker class is the stroke's edges, or fainter things such as ruled lines.
std::optional<InkLevels> ink_levels(const Field& ink);

}  // namespace nib
