#include "engines/module/library_places.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/text.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;

/// An environment variable that is set and not empty.
std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

/// Such a variable that names a folder. A relative one is passed over: it would mean whatever folder nib happens to run
/// in, and its libraries would be loaded.
std::optional<std::string> folder_of(const char* name) {
  const std::optional<std::string> value = environment(name);
  return value && fs::path(*value).is_absolute() ? value : std::nullopt;
}

/// The folders in `parent` whose names begin with `beginning`, the highest name first: versions in falling order.
std::vector<fs::path> folders_named(const fs::path& parent, std::string_view beginning) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, error))
    if (entry.path().filename().string().starts_with(beginning) && entry.is_directory(error))
      found.push_back(entry.path());
  std::ranges::sort(found, std::ranges::greater());
  return found;
}

/// The folders of Python packages below a prefix such as /usr: those of Python itself and of Debian's packages.
std::vector<fs::path> package_folders(const fs::path& prefix) {
  std::vector<fs::path> folders;
  for (const fs::path& python : folders_named(prefix / "lib", "python3"))
    for (const char* const name : {"site-packages", "dist-packages"}) folders.push_back(python / name);
  return folders;
}

/// A virtual environment's python3 is a link out of it: both its own prefix and that of its target count.
std::vector<fs::path> prefixes_of_python_on_path() {
  for (const std::string& folder : split(environment("PATH").value_or(""), ':')) {
    std::error_code error;
    const fs::path python = fs::path(folder) / "python3";
    if (python.is_relative() || !fs::exists(python, error)) continue;  // as in folder_of()
    return {python.parent_path().parent_path(), fs::canonical(python, error).parent_path().parent_path()};
  }
  return {};
}

class Places {
 public:
  void add(const fs::path& folder) {
    if (std::ranges::find(folders_, folder) == folders_.end()) folders_.push_back(folder);
  }
  void add_existing(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) add(folder);
  }
  void add_toolkit(const fs::path& toolkit) {
    for (const char* const name : {"lib64", "lib"}) add_existing(toolkit / name);
  }
  void add_packages_below(const fs::path& prefix, const Requirements& needed) {
    for (const fs::path& packages : package_folders(prefix)) {
      add_existing(packages / "nvidia/cudnn/lib");
      add_existing(packages / "nvidia" / ("cu" + std::to_string(needed.cublas_major)) / "lib");
    }
  }
  std::vector<fs::path> folders() && { return std::move(folders_); }

 private:
  std::vector<fs::path> folders_;
};

}  // namespace

std::vector<fs::path> library_places(const Requirements& needed, const fs::path& root) {
  Places places;
  if (const auto only = environment("NIB_CUDA_LIBRARIES")) {
    for (const std::string& folder : split(*only, ':')) places.add(folder);
    return std::move(places).folders();
  }
  for (const fs::path& folder : needed.library_folders) places.add_existing(folder);
  for (const char* const name : {"CUDA_HOME", "CUDA_PATH"})
    if (const auto toolkit = folder_of(name)) places.add_toolkit(*toolkit);
  places.add_toolkit(root / "usr/local/cuda");
  for (const fs::path& toolkit : folders_named(root / "usr/local", "cuda-")) places.add_toolkit(toolkit);
  places.add({});
  const auto conda = folder_of("CONDA_PREFIX");
  if (conda) places.add_existing(fs::path(*conda) / "lib");
  for (const auto& active : {folder_of("VIRTUAL_ENV"), conda})
    if (active) places.add_packages_below(*active, needed);
  for (const fs::path& prefix : prefixes_of_python_on_path()) places.add_packages_below(prefix, needed);
  for (const char* const prefix : {"usr", "usr/local"}) places.add_packages_below(root / prefix, needed);
  if (const auto home = folder_of("HOME")) places.add_packages_below(fs::path(*home) / ".local", needed);
  return std::move(places).folders();
}

std::string places_text(const std::vector<fs::path>& places) {
  std::vector<std::string> words;
  for (const fs::path& place : places)
    words.push_back(place.empty() ? "the system's libraries" : printable(place.string()));
  return join_words(words);
}

}  // namespace nib::cuda
