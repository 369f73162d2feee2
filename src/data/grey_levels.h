#pragma once

#include <cstddef>
#include <vector>

#include "nib/dataset.h"

namespace nib {

/// Mean and deviation of all pixels of a part, in grey levels from 0 to 255; 0 of no images.
struct GreyLevels {
  double mean = 0, deviation = 0;
};
GreyLevels grey_levels(const Dataset& dataset);

/// The mean of each image.
std::vector<double> image_means(const Dataset& dataset);

/// The images whose pixels are all of one grey level.
std::vector<std::size_t> constant_images(const Dataset& dataset);

/// The images that have far more or less ink than others of their class, or of a part without labels: whose mean lies
/// outside of Tukey's outer fences, three interquartile ranges below the lower and above the upper quartile. Of classes
/// of fewer than eight images none.
std::vector<std::size_t> odd_images(const Dataset& dataset);

}  // namespace nib
