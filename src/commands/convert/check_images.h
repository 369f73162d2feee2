#pragma once

#include <string>

#include "inference/model.h"
#include "nib/dataset.h"

namespace nib {

/// Images that a conversion is checked with.
struct CheckImages {
  Dataset images;    ///< at most 100 of the size of the network's input, without labels
  std::string from;  ///< "MNIST's test set"
};

/// The first test images of the data set that is named, else of the one that the weights were trained on, where that is
/// a known set which fits. Else made ones: noise. Throws Error for a set that is named and cannot be had.
CheckImages choose_check_images(const WeightsFile& model, const std::string& data, Notes& notes);

}  // namespace nib
