#include "conversion/place.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "conversion/old_set.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

Error refusal(const fs::path& out, std::string problem, std::string hint = "choose another name") {
  return usage_error({.file = out.string(), .problem = std::move(problem), .hint = std::move(hint)});
}

/// Without links; as far as the path is there.
fs::path whole(const fs::path& path, std::error_code& error) {
  const fs::path absolute = fs::absolute(path, error);
  return error ? fs::path() : fs::weakly_canonical(absolute, error);
}

/// Whether `inner` is `outer` or lies in it; neither has to be there.
bool holds(const fs::path& outer, const fs::path& inner) {
  std::error_code outer_error, inner_error;
  const fs::path above = whole(outer, outer_error), below = whole(inner, inner_error);
  return !outer_error && !inner_error && std::ranges::mismatch(above, below).in1 == above.end();
}

fs::path without_slash(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

}  // namespace

Error exists_already(const fs::path& out) { return refusal(out, "exists", setting("force") + " replaces it"); }

void check_place(const fs::path& out, OutFormat format, OldSet old) {
  std::error_code ignored;
  const fs::path place = without_slash(out), name = place.filename();
  if (holds(place, ".")) throw refusal(out, "is the folder that nib runs in, or holds it");
  if (name.empty() || name == "." || name == "..") throw refusal(out, "does not end in a name");
  if (fs::is_symlink(fs::symlink_status(place, ignored)))
    throw refusal(out, "is a symbolic link",
                  "give what it points to: " + printable(fs::read_symlink(place, ignored).string()));
  const fs::file_status status = fs::status(place, ignored);
  if (!fs::exists(status)) return;
  const bool folder = fs::is_directory(status);
  if (is_file(format, out) == folder) throw refusal(out, folder ? "exists and is a folder" : "exists and is no folder");
  if (folder && fs::is_empty(place, ignored)) return;
  if (old == OldSet::keep) throw exists_already(out);
  if (!folder) return;
  if (const std::string stranger = stranger_in(place); !stranger.empty())
    throw refusal(out, "will not be replaced: " + printable(stranger, 200) + " in it is no file of a data set");
}

void check_apart(const fs::path& out, const DataCollection& set) {
  const fs::path place = without_slash(out);
  std::error_code ignored;
  const auto is_or_holds = [&](const fs::path& path) {
    if (fs::equivalent(path, place, ignored)) throw refusal(out, "is the set that is read");
    if (holds(place, path)) throw refusal(out, "holds the set that is read");
  };
  is_or_holds(set.folder);
  for (const DataFile& file : set.files) is_or_holds(file.path);
  if (holds(set.folder, place)) throw refusal(out, "lies in the set that is read");
}

}  // namespace nib
