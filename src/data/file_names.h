#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/known_sets.h"

namespace nib {

/// The names under which a file may lie in a folder, the preferred one first: raw before gzip, the dash before the dot.
std::vector<std::string> spellings(const FileRole& role);

/// Where a file is, in order of preference: under one of its spellings; else in a folder that is called so, as some
/// archives unpack it; else under a name that means the same (see other_writings()).
std::vector<std::filesystem::path> present_files(const std::filesystem::path& folder, const FileRole& role);

/// True when at least one of the four files can be seen in `folder`.
bool holds_data_files(const std::filesystem::path& folder);

}  // namespace nib
