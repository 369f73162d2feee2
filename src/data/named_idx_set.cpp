#include "data/named_idx_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "data/emnist.h"
#include "data/folder_entries.h"
#include "data/known_sets.h"
#include "data/label_checks.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// What follows the name of the set in a file's name, up to the kind of numbers, by the file's role.
constexpr std::array<std::string_view, file_roles.size()> role_words = {"-train-images", "-train-labels",
                                                                        "-test-images", "-test-labels"};

/// The files of each set in a folder, by their roles; raw ones before gzip.
using Sets = std::map<std::string, std::map<std::size_t, fs::path>>;

Sets sets_in(const fs::path& folder) {
  Sets sets;
  for (const std::string& name : names_in(folder, Entries::files))
    for (std::size_t role = 0; role < role_words.size(); ++role)
      if (const std::size_t at = lower_case(name).find(std::string(role_words[role]) + "-idx");
          at != std::string::npos && at > 0)
        sets[name.substr(0, at)].try_emplace(role, folder / name);
  return sets;
}

[[noreturn]] void several(const fs::path& folder, const Sets& sets) {
  const std::vector<std::string> names = named_idx_sets(folder);
  throw input_error({.file = folder.string(),
                     .problem = "several sets: " + printable(join_words(names), 200),
                     .expected = "one set",
                     .got = std::to_string(sets.size()),
                     .hint = "name one as " + setting("data") + ", such as " +
                             printable(shell_word((folder / names.front()).string()))});
}

}  // namespace

bool holds_named_idx_set(const fs::path& path) {
  const auto [folder, name] = set_place(path);
  const Sets sets = sets_in(folder);
  return name.empty() ? !sets.empty() : sets.contains(name);
}

std::vector<std::string> named_idx_sets(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& [name, files] : sets_in(folder)) names.push_back(name);
  return names;
}

LoadedSet read_named_idx_set(const fs::path& path, const Reading& reading) {
  const auto [folder, named] = set_place(path);
  const Sets sets = sets_in(folder);
  if (named.empty() && sets.size() > 1) several(folder, sets);
  const std::string name = named.empty() ? sets.begin()->first : named;
  const std::map<std::size_t, fs::path>& files = sets.at(name);
  const bool emnist = is_emnist(name);

  LoadedSet set;
  set.found = name;
  std::vector<LoadedFile> read;
  std::vector<std::uint8_t> labels;  // of all parts
  for (std::size_t role = 0; role < role_words.size(); ++role) {
    const bool test = role >= 2;
    if (!test && reading.parts == DataParts::test_only && files.contains(2)) continue;
    const auto file = files.find(role);
    if (file == files.end()) {
      if (files.contains(role ^ 1))
        throw input_error(
            {.file = folder.string(), .field = name + std::string(role_words[role]), .problem = "file is missing"});
      continue;
    }
    LoadedFile loaded = read_data_file(file->second, role);
    const bool images = loaded.header.kind == IdxKind::images;
    if (images && emnist && loaded.header.rows == loaded.header.columns)
      turn_upright(loaded.values, loaded.header.rows);
    if (!images) std::ranges::copy(loaded.values, std::back_inserter(labels));
    if (images)
      set.found += fmt::format(", {} {} images", with_commas(loaded.header.count), test ? "test" : "training");
    read.push_back(std::move(loaded));
  }
  if (!files.contains(2)) set.found += ", no test part";
  if (emnist) set.found += turned_upright;
  const bool from_1 = emnist && begin_at_1(labels);
  if (from_1) set.found += counted_from_0;
  for (LoadedFile& loaded : read) {
    if (from_1 && loaded.header.kind == IdxKind::labels)
      for (std::uint8_t& label : loaded.values) --label;
    set.files.push_back(other_file(loaded.role, loaded.file.path, loaded.header, std::move(loaded.values)));
  }
  set.class_names = mapped_names(folder, name);
  return set;
}

}  // namespace nib
