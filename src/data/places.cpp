#include "data/places.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/own_place.h"
#include "base/text.h"
#include "data/catalogue.h"
#include "data/data_files.h"
#include "data/data_format.h"
#include "data/file_names.h"
#include "data/named_idx_set.h"
#include "data/near_names.h"
#include "data/no_set.h"
#include "encodings/file_kind.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// An environment variable that is set and not empty.
std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

/// The user's cache folder by the XDG rules, which ask for an absolute path.
std::optional<fs::path> cache_folder() {
  if (const auto cache = environment("XDG_CACHE_HOME"); cache && fs::path(*cache).is_absolute()) return *cache;
  if (const auto home = environment("HOME")) return fs::path(*home) / ".cache";
  return std::nullopt;
}

/// By the smallest of the files. NIB_DATA may be the folder of one set while another is asked for.
bool holds_another_set(const fs::path& folder, const KnownSet& set) {
  constexpr std::size_t test_labels = 3;
  try {
    const std::string sha256 = load_file(folder, test_labels).file.raw_sha256;
    return sha256 != set.sha256[test_labels] && !describe_known_file(sha256).empty();
  } catch (const Error&) {
    return false;  // whoever reads the whole set says what is wrong with it
  }
}

[[noreturn]] void not_found(const KnownSet& set) {
  std::vector<std::string> names;
  for (const fs::path& place : data_places(std::string(set.name))) names.push_back(place.string());
  throw input_error({.setting = "data",
                     .value = std::string(set.name),
                     .problem = fmt::format("{} was not found; looked in {}", set.title, printable(join_words(names))),
                     .hint = std::string(set.hint)});
}

/// What a table has instead of commas between its cells, in words; nothing where it has not.
std::string other_separator(const std::vector<std::uint8_t>& beginning) {
  constexpr std::ptrdiff_t few = 3;
  const auto end = std::ranges::find(beginning, std::uint8_t{'\n'});
  for (const auto& [sign, words] : {std::pair{';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}})
    if (std::count(beginning.begin(), end, static_cast<std::uint8_t>(sign)) >= few) return words;
  return "";
}

/// What to do with a text that is no table: one that is in UTF-16, or has lines before its table.
std::string hint_for_text(const std::vector<std::uint8_t>& beginning) {
  const auto begins = [&](std::uint8_t one, std::uint8_t other) {
    return beginning.size() > 1 && beginning[0] == one && beginning[1] == other;
  };
  if (begins(0xFF, 0xFE) || begins(0xFE, 0xFF)) return "save it in UTF-8, not in UTF-16";
  if (file_kind(beginning) != FileKind::text) return "";
  if (const std::string separator = other_separator(beginning); !separator.empty())
    return "save it with commas between the cells, not " + separator;
  constexpr std::ptrdiff_t few = 3;
  const auto first_end = std::ranges::find(beginning, std::uint8_t{'\n'});
  return std::count(first_end, beginning.end(), std::uint8_t{','}) >= few
             ? "take away the lines before the table's first one"
             : "";
}

/// A file of which no format holds a set.
[[noreturn]] void no_such_file(const std::string& name) {
  const std::vector<std::uint8_t> beginning = beginning_of(name, file_kind_bytes);
  const fs::path parent = (fs::path(".") / name).parent_path().lexically_normal();
  std::string hint = hint_for_file(name);
  if (hint.empty()) hint = hint_for_text(beginning);
  if (hint.empty() && (holds_data_files(parent) || find_data_format(parent) != nullptr))
    hint = "give the folder that it is in: " + printable(parent.string());
  throw input_error({.file = name,
                     .problem = "no data set in a format that nib reads",
                     .expected = "CSV or NumPy's .npz, or a folder of IDX files or of pictures by class",
                     .got = beginning.empty() ? "an empty file" : std::string(name_of(file_kind(beginning))),
                     .hint = std::move(hint)});
}

/// The name that is meant: of a known set, or of one of those in the folder above, as FOLDER/emnist-letters.
std::optional<std::string> meant_place(const std::string& name, std::span<const NameAndTitle> sets) {
  if (std::optional<std::string> known = meant_set(name, sets)) return known;
  const fs::path path = name;
  if (!path.has_parent_path()) return std::nullopt;
  const std::vector<std::string> beside = named_idx_sets(path.parent_path());
  const std::optional<std::string> meant = nearest(path.filename().string(), beside);
  if (!meant) return std::nullopt;
  return printable((path.parent_path() / *meant).string());
}

[[noreturn]] void no_such_folder(const std::string& name, const std::error_code& error) {
  std::vector<NameAndTitle> sets;
  std::vector<std::string_view> names;
  for (const KnownSet& set : known_sets()) {
    sets.emplace_back(set.name, set.title);
    names.push_back(set.name);
  }
  const std::optional<std::string> meant = meant_place(name, sets);
  const std::string reason = error ? system_message(error.value()) : "not a folder";
  std::error_code ignored;
  std::string hint = meant ? "did you mean " + *meant + "?" : "";
  if (fs::is_regular_file(name, ignored)) no_such_file(name);
  throw io_error({.setting = "data",
                  .value = name,
                  .problem = fmt::format("no known data set, and as a file or folder: {}", reason),
                  .expected = fmt::format("{}, or a file or folder of a data set", fmt::join(names, ", ")),
                  .hint = hint});
}

}  // namespace

std::optional<fs::path> cache_folder_of(const std::string& name) {
  const std::optional<fs::path> cache = cache_folder();
  if (!cache) return std::nullopt;
  return *cache / "nib" / name;
}

std::vector<fs::path> data_places(const std::string& name) {
  std::vector<fs::path> places;
  if (const auto folder = environment("NIB_DATA")) {
    places.push_back(fs::path(*folder) / name);
    places.emplace_back(*folder);
  }
  if (const fs::path& home = own_place().home; !home.empty()) {
    places.push_back(home / "data" / name);
    places.push_back(home / "share" / "nib" / name);
  }
  if (const auto folder = cache_folder_of(name)) places.push_back(*folder);
  const KnownSet* set = find_known_set(name);
  if (set != nullptr && !set->system_folder.empty()) places.emplace_back(set->system_folder);
  return places;
}

std::optional<fs::path> find_known_set_folder(const KnownSet& set) {
  for (const fs::path& place : data_places(std::string(set.name)))
    if (holds_data_files(place) && !holds_another_set(place, set)) return place;
  return std::nullopt;
}

Place locate(const std::string& name_or_path) {
  if (const KnownSet* set = find_known_set(name_or_path)) {
    const std::optional<fs::path> found = find_known_set_folder(*set);
    if (!found) not_found(*set);
    Place place{.folder = *found, .asked_for = set, .warning = ""};
    const auto wish = environment("NIB_DATA");
    if (wish && *found != fs::path(*wish) && *found != fs::path(*wish) / name_or_path)
      place.warning = fmt::format("NIB_DATA is {}, but {} is not there; {} is used", printable(*wish), set->title,
                                  printable(found->string()));
    return place;
  }
  std::error_code error;
  if (!fs::is_directory(name_or_path, error) && find_data_format(name_or_path) == nullptr)
    no_such_folder(name_or_path, error);
  Place place{.folder = name_or_path, .asked_for = nullptr, .warning = ""};
  if (holds_data_files(place.folder) || find_data_format(place.folder) != nullptr) return place;
  if (const std::vector<std::string> below = folders_with_data(place.folder); below.size() == 1) {
    place.folder /= below.front();
    place.warning = fmt::format("{}: the set in it is used, {}", printable(name_or_path), printable(below.front()));
  }
  return place;
}

}  // namespace nib
