#include "data/file_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>

#include "data/near_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// not_found, directory, none for what may not be looked at, and regular for everything else.
fs::file_type type_of(const fs::path& path) {
  std::error_code error;
  if (fs::status(path, error).type() == fs::file_type::directory) return fs::file_type::directory;
  const fs::file_type type = fs::symlink_status(path, error).type();
  return type == fs::file_type::not_found || type == fs::file_type::none ? type : fs::file_type::regular;
}

/// Under the exact spellings. A broken link or a folder that may not be searched counts as present: reading then gives
/// the error that says so.
std::vector<fs::path> spelt_files(const fs::path& folder, const FileRole& role) {
  std::vector<fs::path> present;
  for (const std::string& name : spellings(role)) {
    const fs::file_type type = type_of(folder / name);
    if (type != fs::file_type::not_found && type != fs::file_type::directory) present.push_back(folder / name);
  }
  return present;
}

std::vector<fs::path> files_in_folders_of_the_name(const fs::path& folder, const FileRole& role) {
  for (const std::string& name : spellings(role)) {
    if (type_of(folder / name) != fs::file_type::directory) continue;
    std::vector<fs::path> inside = spelt_files(folder / name, role);
    if (!inside.empty()) return inside;
  }
  return {};
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
  std::vector<fs::path> present = spelt_files(folder, role);
  if (present.empty()) present = files_in_folders_of_the_name(folder, role);
  if (present.empty()) present = other_writings(folder, role);
  return present;
}

bool holds_data_files(const fs::path& folder) {
  return std::ranges::any_of(file_roles, [&](const FileRole& role) {
    return std::ranges::any_of(present_files(folder, role),
                               [](const fs::path& path) { return type_of(path) == fs::file_type::regular; });
  });
}

}  // namespace nib
