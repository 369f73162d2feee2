#include "runs/output_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/error.h"
#include "base/files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

const char* const output_folder = "output folder";
const char* const runs_folder = "runs";

/// 2026-11-22-180211, in local time.
std::string date_and_time() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d-%H%M%S", &local)};
}

/// 0, or the errno of a folder that could not be made.
int make_folder(const fs::path& path) { return mkdir(path.c_str(), 0777) == 0 ? 0 : errno; }

fs::path make_new_run_folder() {
  if (const int error = make_folder(runs_folder); error != 0 && error != EEXIST)
    throw io_error({.file = runs_folder,
                    .problem = "cannot make the folder: " + system_message(error),
                    .hint = "choose another folder with " + setting(output_folder)});
  const fs::path wanted = fs::path(runs_folder) / date_and_time();
  fs::path path = wanted;
  for (int number = 2;; ++number) {
    const int error = make_folder(path);
    if (error == 0) return path;
    if (error != EEXIST)
      throw io_error({.file = path.string(),
                      .problem = "cannot make the folder: " + system_message(error),
                      .hint = "choose another folder with " + setting(output_folder)});
    path = wanted.string() + "-" + std::to_string(number);
  }
}

/// True when the folder was made, false when it was there.
bool make_or_take(const fs::path& path, bool force) {
  const int error = make_folder(path);
  if (error == 0) return true;
  std::error_code ignored;
  if (error == ENOENT && !fs::exists(path.parent_path(), ignored))
    throw usage_error({.setting = output_folder,
                       .file = path.string(),
                       .problem = "the folder above it does not exist",
                       .hint = "nib makes the last folder of the path only"});
  if (error != EEXIST)
    throw io_error({.setting = output_folder,
                    .file = path.string(),
                    .problem = "cannot make the folder: " + system_message(error)});
  if (!fs::is_directory(path, ignored))
    throw usage_error({.setting = output_folder, .file = path.string(), .problem = "exists and is not a folder"});
  if (!force)
    throw usage_error({.setting = output_folder,
                       .file = path.string(),
                       .problem = "the folder exists",
                       .hint = setting("force") + " writes into it and replaces the results of an earlier run"});
  return false;
}

}  // namespace

OutputFolder::OutputFolder(const FolderRequest& request) : results_(request.results) {
  if (request.out.empty()) {
    path_ = make_new_run_folder();
    made_ = true;
  } else {
    path_ = request.out;
    if (!path_.has_filename() && path_ != path_.root_path()) path_ = path_.parent_path();  // "folder/"
    made_ = make_or_take(path_, request.force);
  }
  try {
    probe_writable(path_, request.bytes);
    lock_.emplace(path_);
    for (const std::string& name : results_) {
      std::error_code ignored;
      if (fs::is_directory(file(name), ignored))
        throw usage_error({.setting = output_folder,
                           .file = file(name).string(),
                           .problem = "a folder has the name of a file that would be written"});
    }
    sweep_stale_temporaries(path_);
  } catch (...) {
    lock_.reset();
    if (made_) rmdir(path_.c_str());
    throw;
  }
}

OutputFolder::~OutputFolder() {
  lock_.reset();
  if (!made_ || !written_.empty()) return;
  rmdir(path_.c_str());
  if (path_.parent_path() == runs_folder) rmdir(runs_folder);  // succeeds only when it is empty
}

bool OutputFolder::would_replace(const fs::path& path) const {
  std::error_code ignored;
  return std::ranges::any_of(results_,
                             [&](const std::string& name) { return fs::equivalent(file(name), path, ignored); });
}

void OutputFolder::remove_old_results() {
  for (const std::string& name : results_) {
    const fs::path old = file(name);
    if (unlink(old.c_str()) != 0 && errno != ENOENT)
      throw io_error({.file = old.string(), .problem = "cannot remove the old file: " + system_message(errno)});
  }
}

void OutputFolder::write(const std::string& name, std::string_view text) {
  write(name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void OutputFolder::write(const std::string& name, std::span<const std::uint8_t> bytes) {
  write_file_atomically(file(name), bytes);
  note(name);
}

void OutputFolder::note(const std::string& name) {
  if (std::ranges::find(written_, name) == written_.end()) written_.push_back(name);
  if (watcher_) watcher_(name);
}

void OutputFolder::rename(const std::string& from, const std::string& to) {
  if (std::rename(file(from).c_str(), file(to).c_str()) != 0)
    throw io_error({.file = file(from).string(), .problem = "cannot rename: " + system_message(errno)});
  std::ranges::replace(written_, from, to);
  if (watcher_) watcher_(to);
}

bool OutputFolder::point_latest_here() const {
  if (path_.parent_path().filename() != runs_folder) return true;
  const fs::path latest = path_.parent_path() / "latest";
  const fs::path temporary = path_.parent_path() / (".latest." + std::to_string(getpid()) + ".tmp");
  unlink(temporary.c_str());
  if (symlink(path_.filename().c_str(), temporary.c_str()) != 0) return false;
  if (std::rename(temporary.c_str(), latest.c_str()) == 0) return true;
  unlink(temporary.c_str());
  return false;
}

}  // namespace nib
