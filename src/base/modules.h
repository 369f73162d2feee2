#pragma once

#include <filesystem>
#include <vector>

namespace nib {

/// The folders of the modules: that of the program or the library which has this code, and lib/nib in its home, see
/// own_place().
std::vector<std::filesystem::path> module_folders();

}  // namespace nib
