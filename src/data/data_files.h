#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "data/catalogue.h"
#include "data/idx.h"

namespace nib {

/// One of the four files: read, hashed, taken apart, and looked through for what is odd but no error.
struct LoadedFile {
  std::size_t role = 0;  ///< index into file_roles
  DataFile file;
  IdxHeader header;
  std::vector<std::uint8_t> values;   ///< pixels (image, row, column), or labels
  std::vector<std::string> warnings;  ///< one line each
};

/// Reads the file under `path`, and hashes it, without a look at what is odd. Throws Error (bad input, io).
LoadedFile read_data_file(const std::filesystem::path& path, std::size_t role);

/// Reads the file that `file_roles[role]` names from `folder`. Throws Error (bad input, io).
LoadedFile load_file(const std::filesystem::path& folder, std::size_t role);

/// The files that a set in `folder` should have: those of both parts, or of the training part alone where no name comes
/// near one of the test part.
std::span<const std::size_t> roles_in(const std::filesystem::path& folder);

/// What came of one file: loaded, or why not.
using FileOutcome = std::variant<LoadedFile, Error>;

/// Reads several files, each on a thread of its own; the outcomes are in the order of `roles`.
std::vector<FileOutcome> load_files(const std::filesystem::path& folder, std::span<const std::size_t> roles);

}  // namespace nib
