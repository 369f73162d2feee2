#pragma once

#include <cstddef>
#include <vector>

#include "data/both_parts.h"

namespace nib {

/// For each image the first one with the very same pixels, which is itself where none before it has them.
std::vector<std::size_t> first_equal_images(const BothParts& images);

}  // namespace nib
