#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/known_sets.h"

namespace nib {

/// The names under which a file may lie in a folder, the preferred one first: raw before gzip, the dash before the dot.
std::vector<std::string> spellings(const FileRole& role);

/// Which of a file's spellings are there, in order of preference.
std::vector<std::filesystem::path> present_files(const std::filesystem::path& folder, const FileRole& role);

/// A folder that data are to be read from.
struct Place {
  std::filesystem::path folder;
  const KnownSet* asked_for = nullptr;  ///< the set, when it was asked for by name
  std::string warning;                  ///< one line, e.g. that $NIB_DATA was set but holds nothing of this set
};

/// The first of `places` with any of the four files in it, or nullopt.
std::optional<std::filesystem::path> find_in(std::span<const std::filesystem::path> places);

/// Turns what a user gave as --data into a folder: a known set's name is looked for in data_places(), everything else
/// is a folder. Throws Error: bad input naming every place when a known set is nowhere, io when there is no such
/// folder.
Place locate(const std::string& name_or_folder);

}  // namespace nib
