#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/known_sets.h"

namespace nib {

/// Where data are to be read from.
struct Place {
  std::filesystem::path folder;         ///< or the file that holds all of them
  const KnownSet* asked_for = nullptr;  ///< the set, when it was asked for by name
  std::string warning;                  ///< one line, e.g. that $NIB_DATA was set but holds nothing of this set
};

/// The first of data_places() with any of the four files in it, unless they are those of another known set; or nullopt.
std::optional<std::filesystem::path> find_known_set_folder(const KnownSet& set);

/// The folder in the user's cache in which a set of that name is looked for; nullopt where there is no cache.
std::optional<std::filesystem::path> cache_folder_of(const std::string& name);

/// Turns what a user gave as the data set into a place: a known set's name is looked for in data_places(), everything
/// else is a folder, or a file in a format that holds a set. Throws Error: bad input naming every place when a known
/// set is nowhere, io when there is no such folder.
Place locate(const std::string& name_or_path);

}  // namespace nib
