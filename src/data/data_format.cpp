#include "data/data_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "data/csv_set.h"
#include "data/file_names.h"
#include "data/named_idx_set.h"
#include "data/no_set.h"
#include "data/numpy_set.h"
#include "data/oddities.h"
#include "data/picture_set.h"

namespace nib {
namespace {

/// To add a format, add a row. The first one that holds a path reads it.
constexpr std::array formats = {
    DataFormat{.name = "IDX", .holds = holds_named_idx_set, .read = read_named_idx_set},
    DataFormat{.name = "CSV", .holds = holds_csv_set, .read = read_csv_set},
    DataFormat{.name = "NumPy", .holds = holds_numpy_set, .read = read_numpy_set},
    DataFormat{.name = picture_format, .holds = holds_picture_set, .read = read_picture_set},
};

/// "a CSV set and a NumPy set": what lies in a folder beside the set that is read.
std::string sets_beside(const std::filesystem::path& folder, const DataFormat* read) {
  std::vector<std::string> beside;
  for (const DataFormat& format : formats)
    if (&format != read && format.holds(folder))
      beside.push_back(format.name == picture_format ? "pictures by class"
                       : &format == &formats.front() ? "IDX files of another set"
                                                     : fmt::format("a {} set", format.name));
  return join_words(beside);
}

/// One line where a folder has more than the set that is read.
void tell_sets_beside(const std::filesystem::path& path, const DataFormat* read, LoadedSet& set) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return;
  if (const std::string beside = sets_beside(path, read); !beside.empty())
    set.warnings.push_back(fmt::format("{}: the {} set is used; left out beside it: {} ({} takes the file itself)",
                                       printable(path.string()), set.format, beside, setting("data")));
}

}  // namespace

const DataFormat* find_data_format(const std::filesystem::path& path) {
  if (holds_data_files(path)) return nullptr;
  const auto found = std::ranges::find_if(formats, [&](const DataFormat& format) { return format.holds(path); });
  return found == formats.end() ? nullptr : &*found;
}

LoadedSet read_idx_set(const std::filesystem::path& folder, std::span<const std::size_t> roles) {
  LoadedSet set;
  for (FileOutcome& outcome : load_files(folder, roles)) {
    if (const Error* error = std::get_if<Error>(&outcome)) throw Error(*error);
    set.files.push_back(std::get<LoadedFile>(std::move(outcome)));
  }
  return set;
}

LoadedSet read_set(const std::filesystem::path& path, const Reading& reading) {
  const DataFormat* const other = find_data_format(path);
  if (other == nullptr) {
    if (holds_no_set(path)) throw no_set_in(path);
    const std::span<const std::size_t> roles = roles_in(path);
    LoadedSet set = read_idx_set(path, reading.parts == DataParts::test_only && roles.size() > 2 ? test_roles : roles);
    tell_sets_beside(path, other, set);
    return set;
  }
  LoadedSet set = other->read(path, reading);
  set.format = other->name;
  tell_sets_beside(path, other, set);
  return set;
}

LoadedFile other_file(std::size_t role, const std::filesystem::path& path, IdxHeader header,
                      std::vector<std::uint8_t> values) {
  Sha256Stream hash;
  hash.update(idx_header_bytes(header));
  hash.update(values);
  LoadedFile loaded{.role = role,
                    .file = {.path = path,
                             .raw_bytes = header.file_bytes(),
                             .raw_sha256 = to_hex(hash.finish()),
                             .gzipped = false,
                             .is_idx = false},
                    .header = header,
                    .values = std::move(values),
                    .warnings = {}};
  loaded.warnings = oddities(loaded);
  return loaded;
}

}  // namespace nib
