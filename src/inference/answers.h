#pragma once

#include "inference/classifier.h"
#include "nib/dataset.h"

namespace nib {

/// The largest difference between the probabilities that two models give the same images, of the size and the classes
/// of both. Throws Error (numeric) where one's are not finite.
double largest_difference(Classifier& one, Classifier& other, const Dataset& images);

}  // namespace nib
