#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/catalogue.h"

namespace nib {

/// What is to be said about one of the four files.
struct DataFileReport {
  std::size_t role = 0;          ///< index into file_roles
  std::optional<DataFile> file;  ///< absent when it could not be read as an IDX file
  std::string problem;           ///< one line that names the file; empty when it is as it should be
  std::string hint{};            ///< what to do about it; may be empty, and may hold marked settings
};

inline constexpr std::string_view no_set_title = "no data set";

/// What is to be said about a set, good or bad.
struct DataReport {
  std::string title;  ///< "MNIST", "unknown IDX set"; no_set_title of a folder in which none is
  std::filesystem::path folder;
  std::string found{};                ///< see DataCollection
  std::vector<DataFileReport> files;  ///< of IDX files one for each of file_roles, of other sets for what is there
  std::string problem;                ///< of the files as a set, one line; looked for only when each one is all right
  std::string unfit{};                ///< why a whole set cannot be trained with, in a few words; empty where it can
  std::string hint{};                 ///< what to do about one of these two
  std::vector<std::string> warnings;  ///< one line each
};

/// Checks all that load_data() checks, but goes on after the first wrong file. Throws Error only when there is no such
/// set or folder.
DataReport inspect_data(const std::string& name_or_path);

/// How many files, or the set as a whole, are not as they should be.
std::size_t problem_count(const DataReport& report);

}  // namespace nib
