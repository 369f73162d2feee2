#include "data/places.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "data/catalogue.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// An environment variable that is set and not empty.
std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

fs::file_type type_of(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type();
}

/// True when at least one of the four files can be seen in `folder`.
bool holds_data(const fs::path& folder) {
  for (const FileRole& role : file_roles)
    for (const std::string& name : spellings(role)) {
      const fs::file_type type = type_of(folder / name);
      if (type != fs::file_type::not_found && type != fs::file_type::none) return true;
    }
  return false;
}

/// The user's cache folder by the XDG rules, which ask for an absolute path.
std::optional<fs::path> cache_folder() {
  if (const auto cache = environment("XDG_CACHE_HOME"); cache && fs::path(*cache).is_absolute()) return *cache;
  if (const auto home = environment("HOME")) return fs::path(*home) / ".cache";
  return std::nullopt;
}

/// share/nib beside the bin folder that this program runs from.
std::optional<fs::path> installed_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  return program.parent_path().parent_path() / "share" / "nib";
}

[[noreturn]] void not_found(const KnownSet& set, const std::vector<fs::path>& places) {
  std::vector<std::string> names;
  for (const fs::path& place : places) names.push_back(place.string());
  throw input_error({.file = "--data " + std::string(set.name),
                     .problem = fmt::format("{} was not found; looked in {}", set.title, printable(join_words(names))),
                     .hint = std::string(set.hint)});
}

[[noreturn]] void no_such_folder(const std::string& name, const std::error_code& error) {
  std::vector<std::string> names;
  for (const KnownSet& set : known_sets()) names.emplace_back(set.name);
  const std::optional<std::string> meant = nearest(name, names);
  const std::string reason = error ? system_message(error.value()) : "not a folder";
  throw io_error({.file = "--data " + name,
                  .problem = fmt::format("no known data set, and as a folder: {}", reason),
                  .expected = fmt::format("{} or a folder of IDX files", fmt::join(names, ", ")),
                  .hint = meant ? "did you mean " + *meant + "?" : ""});
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

std::vector<fs::path> data_places(const std::string& name) {
  std::vector<fs::path> places;
  if (const auto folder = environment("NIB_DATA")) {
    places.push_back(fs::path(*folder) / name);
    places.emplace_back(*folder);
  }
  places.push_back(fs::path(NIB_BUILD_DATA) / name);
  if (const auto folder = installed_folder()) places.push_back(*folder / name);
  if (const auto folder = cache_folder()) places.push_back(*folder / "nib" / name);
  const KnownSet* set = find_known_set(name);
  if (set != nullptr && !set->system_folder.empty()) places.emplace_back(set->system_folder);
  return places;
}

std::optional<fs::path> find_in(std::span<const fs::path> places) {
  const auto found = std::ranges::find_if(places, holds_data);
  if (found == places.end()) return std::nullopt;
  return *found;
}

Place locate(const std::string& name_or_folder) {
  if (const KnownSet* set = find_known_set(name_or_folder)) {
    const std::vector<fs::path> places = data_places(name_or_folder);
    const std::optional<fs::path> found = find_in(places);
    if (!found) not_found(*set, places);
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
