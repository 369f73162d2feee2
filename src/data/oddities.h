#pragma once

#include <string>
#include <vector>

#include "data/data_files.h"

namespace nib {

/// What is odd about a file that was read, but no error, a line each: labels that are all the same, blank images,
/// pixels that are much paler than ink.
std::vector<std::string> oddities(const LoadedFile& loaded);

}  // namespace nib
