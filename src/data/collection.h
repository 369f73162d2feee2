#pragma once

#include <vector>

#include "data/catalogue.h"
#include "data/data_files.h"
#include "data/data_format.h"
#include "data/places.h"

namespace nib {

/// Throws Error (bad input) with both hashes when the file is not the one that the set has in its role.
void check_known_file(const KnownSet& set, const LoadedFile& loaded);

/// Makes a collection of what was loaded, of at least one part. Checks what single files cannot show: images against
/// labels, one part against the other, labels against class names; finds out which set it is. The pixels are moved, not
/// copied. Throws Error (bad input).
DataCollection assemble(const Place& place, LoadedSet set);

}  // namespace nib
