#include "data/places.h"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "data/catalogue.h"
#include "data/data_files.h"
#include "data/file_names.h"

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

/// The folder above the one that this program runs from: what it was cloned or installed into, wherever that is now.
std::optional<fs::path> home_of_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  return program.parent_path().parent_path();
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

[[noreturn]] void no_such_folder(const std::string& name, const std::error_code& error) {
  std::vector<std::string> names;
  for (const KnownSet& set : known_sets()) names.emplace_back(set.name);
  const std::optional<std::string> meant = nearest(name, names);
  const std::string reason = error ? system_message(error.value()) : "not a folder";
  std::error_code ignored;
  const fs::path parent = (fs::path(".") / name).parent_path().lexically_normal();
  std::string hint = meant ? "did you mean " + *meant + "?" : "";
  if (fs::is_regular_file(name, ignored)) hint = "give the folder that it is in: " + printable(parent.string());
  throw io_error({.setting = "data",
                  .value = name,
                  .problem = fmt::format("no known data set, and as a folder: {}", reason),
                  .expected = fmt::format("{} or a folder of IDX files", fmt::join(names, ", ")),
                  .hint = hint});
}

}  // namespace

std::vector<fs::path> data_places(const std::string& name) {
  std::vector<fs::path> places;
  if (const auto folder = environment("NIB_DATA")) {
    places.push_back(fs::path(*folder) / name);
    places.emplace_back(*folder);
  }
  if (const auto home = home_of_program()) {
    places.push_back(*home / "data" / name);
    places.push_back(*home / "share" / "nib" / name);
  }
  if (const auto folder = cache_folder()) places.push_back(*folder / "nib" / name);
  const KnownSet* set = find_known_set(name);
  if (set != nullptr && !set->system_folder.empty()) places.emplace_back(set->system_folder);
  return places;
}

std::optional<fs::path> find_known_set_folder(const KnownSet& set) {
  for (const fs::path& place : data_places(std::string(set.name)))
    if (holds_data_files(place) && !holds_another_set(place, set)) return place;
  return std::nullopt;
}

Place locate(const std::string& name_or_folder) {
  if (const KnownSet* set = find_known_set(name_or_folder)) {
    const std::optional<fs::path> found = find_known_set_folder(*set);
    if (!found) not_found(*set);
    Place place{.folder = *found, .asked_for = set, .warning = ""};
    const auto wish = environment("NIB_DATA");
    if (wish && *found != fs::path(*wish) && *found != fs::path(*wish) / name_or_folder)
      place.warning = fmt::format("NIB_DATA is {}, but {} is not there; {} is used", printable(*wish), set->title,
                                  printable(found->string()));
    return place;
  }
  std::error_code error;
  if (!fs::is_directory(name_or_folder, error)) no_such_folder(name_or_folder, error);
  return {.folder = name_or_folder, .asked_for = nullptr, .warning = ""};
}

}  // namespace nib
