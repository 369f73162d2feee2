#include "data/file_names.h"

#include <fmt/core.h>

#include <system_error>

namespace nib {
namespace {

namespace fs = std::filesystem;

fs::file_type type_of(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type();
}

}  // namespace

std::vector<std::string> spellings(const FileRole& role) {
  std::vector<std::string> names;
  for (const std::string_view ending : {"", ".gz"})
    for (const std::string_view joint : {"-", "."})
      names.push_back(fmt::format("{}{}{}{}", role.stem, joint, role.suffix, ending));
  return names;
}

std::vector<fs::path> present_files(const fs::path& folder, const FileRole& role) {
  // A broken link or a folder that may not be searched counts as present: reading then gives the error that says so.
  std::vector<fs::path> present;
  for (const std::string& name : spellings(role))
    if (type_of(folder / name) != fs::file_type::not_found) present.push_back(folder / name);
  return present;
}

bool holds_data_files(const fs::path& folder) {
  for (const FileRole& role : file_roles)
    for (const std::string& name : spellings(role)) {
      const fs::file_type type = type_of(folder / name);
      if (type != fs::file_type::not_found && type != fs::file_type::none) return true;
    }
  return false;
}

}  // namespace nib
