#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/data_format.h"

namespace nib {

/// True for a folder of IDX files whose names begin with that of their set, as
/// emnist-letters-train-images-idx3-ubyte.gz and qmnist-train-labels-idx2-int.gz, and for FOLDER/emnist-letters, which
/// is one of several in a folder.
bool holds_named_idx_set(const std::filesystem::path& path);

/// The names of such sets in a folder.
std::vector<std::string> named_idx_sets(const std::filesystem::path& folder);

/// Reads such a set. EMNIST's images are stored with rows and columns swapped: they come out upright. Its letters'
/// labels begin at 1: they come out from 0. Its mapping file gives the classes their names. Throws Error (bad input,
/// io); where there are several sets in a folder it says how to name one.
LoadedSet read_named_idx_set(const std::filesystem::path& path, const Reading& reading);

}  // namespace nib
