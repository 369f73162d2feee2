#pragma once

#include <cstdint>
#include <vector>

#include "nib/dataset.h"

namespace nib {

/// How many images there are of each class, in the order of the class names.
std::vector<std::uint64_t> class_counts(const Dataset& dataset);

}  // namespace nib
