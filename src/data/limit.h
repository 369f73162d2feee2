#pragma once

#include <cstdint>

#include "data/catalogue.h"

namespace nib {

/// Keeps the first `limit` images of each part, for quick tries; 0 keeps all. What was cut is told by
/// DataCollection::limit from then on.
void limit_images(DataCollection& collection, std::uint64_t limit);

}  // namespace nib
