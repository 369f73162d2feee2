#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/catalogue.h"
#include "data/data_files.h"
#include "data/data_format.h"
#include "data/places.h"

namespace nib {

/// What a set is called that is of no known hashes: "unknown CSV set".
std::string unknown_set_of(std::string_view format);

/// Throws Error (bad input) with both hashes when the file is not the one that the set has in its role.
void check_known_file(const KnownSet& set, const LoadedFile& loaded);

/// Makes a collection of what was loaded, of at least one part. Checks what single files cannot show: images against
/// labels, one part against the other, labels against class names; finds out which set it is. The pixels are moved, not
/// copied. Throws Error (bad input).
DataCollection assemble(const Place& place, LoadedSet set);

}  // namespace nib
