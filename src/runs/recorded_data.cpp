#include "runs/recorded_data.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/catalogue.h"
#include "data/data_format.h"
#include "data/known_sets.h"
#include "encodings/json.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// FOLDER/emnist-letters is a set, too, though nothing has that very name.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) || find_data_format(path) != nullptr;
}

/// The folder that nib ran in when it made the run, or nothing.
std::optional<fs::path> folder_of_begin(const RunRecord& record, const fs::path& run) {
  std::error_code error;
  const fs::path now = fs::weakly_canonical(fs::absolute(run, error), error);
  const fs::path then = fs::path(record.folder).lexically_normal();
  if (error || then.empty() || then.is_absolute()) return std::nullopt;
  const std::vector<fs::path> whole(now.begin(), now.end()), end(then.begin(), then.end());
  if (end.size() >= whole.size() || !std::equal(end.rbegin(), end.rend(), whole.rbegin())) return std::nullopt;
  fs::path folder;
  for (std::size_t i = 0; i < whole.size() - end.size(); ++i) folder /= whole[i];
  return folder;
}

}  // namespace

std::string recorded_place(const std::string& name_or_path) {
  if (name_or_path.empty() || find_known_set(name_or_path) != nullptr) return name_or_path;
  std::error_code error;
  const fs::path absolute = fs::absolute(name_or_path, error);
  if (error) return name_or_path;
  // Behind a symbolic link ".." is another folder than its text says.
  const bool goes_up = std::ranges::find(absolute, "..") != absolute.end();
  return (goes_up ? absolute : absolute.lexically_normal()).string();
}

std::string place_of_recorded(const std::string& recorded, const RunRecord& record, const fs::path& run,
                              const std::string& source, const std::string& which) {
  if (recorded.empty() || find_known_set(recorded) != nullptr) return recorded;
  std::vector<fs::path> places = {recorded};
  if (const auto folder = folder_of_begin(record, run); folder && fs::path(recorded).is_relative())
    places.insert(places.begin(), *folder / recorded);
  std::vector<std::string> tried;
  for (const fs::path& place : places) {
    if (is_there(place)) return place.string();
    tried.push_back(printable(place.string()));
  }
  throw io_error({.file = source,
                  .problem = "the data set of the run is not there any more: looked for " + join_words(tried),
                  .hint = setting(which) + " names where it is now"});
}

bool was_prepared(const RunRecord& record, const std::string& place) {
  return record.configuration["prepare"] == Json(true) && is_folder_of_pictures(place);
}

}  // namespace nib
