#include "runs/output_folder.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/error.h"
#include "base/file_system.h"
#include "base/files.h"
#include "base/links.h"
#include "base/temporary_file.h"
#include "base/text.h"
#include "formats/checkpoint_names.h"
#include "runs/run_record.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

const char* const output_folder = "output folder";
const char* const runs_folder = "runs";
const char* const latest_link = "latest";

/// 2026-11-22-180211, in local time.
std::string date_and_time() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d-%H%M%S", &local)};
}

fs::path make_new_run_folder(MadeFolders& made) {
  const fs::path wanted = fs::path(runs_folder) / date_and_time();
  fs::path path = wanted;
  for (int number = 2;; ++number) {
    const int error = made.make(path);
    if (error == 0) return path;
    if (error != EEXIST)
      throw io_error({.file = path.string(),
                      .problem = "cannot make the folder: " + system_message(error),
                      .hint = "choose another folder with " + setting(output_folder)});
    path = wanted.string() + "-" + std::to_string(number);
  }
}

/// Whether the run in it met a step that is not finite, and would meet it again.
bool has_diverged(const fs::path& run) {
  try {
    return read_record(run).nonfinite_step.has_value();
  } catch (const Error&) {
    return false;  // a run without a record, or with a damaged one, has its checkpoint all the same
  }
}

void make_or_take(const fs::path& path, bool force, MadeFolders& made) {
  const int error = made.make(path);
  if (error == 0) return;
  std::error_code ignored;
  if (error != EEXIST)
    throw io_error({.setting = output_folder,
                    .file = path.string(),
                    .problem = "cannot make the folder: " + system_message(error)});
  if (!fs::is_directory(path, ignored))
    throw usage_error({.setting = output_folder, .file = path.string(), .problem = "exists and is not a folder"});
  if (force) return;
  std::string hint = setting("force") + " writes into it and replaces the results of an earlier run";
  if (!checkpoint_files(path).empty() && !has_diverged(path))
    hint = "nib train " + setting("resume") + ' ' + shell_word(path.string()) + " goes on with the run in it; " + hint;
  throw usage_error(
      {.setting = output_folder, .file = path.string(), .problem = "the folder exists", .hint = std::move(hint)});
}

}  // namespace

OutputFolder::OutputFolder(const FolderRequest& request, Notes& notes) : results_(request.results) {
  if (request.out.empty()) {
    path_ = make_new_run_folder(made_);
  } else {
    path_ = request.out;
    if (!path_.has_filename() && path_ != path_.root_path()) path_ = path_.parent_path();  // "folder/"
    path_ = behind_links(path_);  // "runs/latest" will be another folder as soon as this run begins
    make_or_take(path_, request.force, made_);
  }
  try {
    prepare(request, notes);
  } catch (...) {
    lock_.reset();
    made_.take_back();
    throw;
  }
}

void OutputFolder::prepare(const FolderRequest& request, Notes& notes) {
  probe_writable(path_, request.bytes);
  lock_.emplace(path_, notes);
  std::vector<std::string> names = results_;
  names.insert(names.end(), request.lasting.begin(), request.lasting.end());
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(fs::symlink_status(file(name), ignored)))
      throw usage_error({.setting = output_folder,
                         .file = file(name).string(),
                         .problem = "a folder has the name of a file that would be written"});
  }
  sweep_stale_temporaries(path_);
}

OutputFolder::~OutputFolder() {
  lock_.reset();
  if (written_.empty()) made_.take_back();
}

bool OutputFolder::would_replace(const fs::path& path) const {
  std::error_code ignored;
  return std::ranges::any_of(results_,
                             [&](const std::string& name) { return fs::equivalent(file(name), path, ignored); });
}

void OutputFolder::remove_old_results() {
  require_hold();
  for (const std::string& name : results_) {
    if (std::ranges::find(written_, name) != written_.end()) continue;
    unlink(name);
  }
  sync();
}

void OutputFolder::remove(const std::string& name) {
  require_hold();
  unlink(name);
  std::erase(written_, name);
  sync();
}

void OutputFolder::unlink(const std::string& name) const {
  const fs::path old = file(name);
  const auto remove = [&] { return file_system().unlink(AT_FDCWD, old.c_str()); };
  if (through_signals(remove) != 0 && errno != ENOENT)
    throw io_error({.file = old.string(), .problem = "cannot remove the old file: " + system_message(errno)});
}

void OutputFolder::write(const std::string& name, std::string_view text, const std::function<void()>& named) {
  write(name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, named);
}

void OutputFolder::write(const std::string& name, std::span<const std::uint8_t> bytes) {
  write(name, bytes, [] {});
}

void OutputFolder::write(const std::string& name, std::span<const std::uint8_t> bytes,
                         const std::function<void()>& named) {
  require_hold();
  write_file_atomically(file(name), bytes, [&] {
    named();
    note(name);
  });
}

void OutputFolder::note(const std::string& name) {
  if (std::ranges::find(written_, name) == written_.end()) written_.push_back(name);
  if (watcher_) watcher_(name);
}

/// What this run has left to write must not land in a folder that got the name after it.
void OutputFolder::require_hold() const {
  if (!lock_->holds())
    throw io_error({.file = path_.string(), .problem = "the folder was removed, or taken by another run"});
}

void OutputFolder::sync() const {
  if (const int error = sync_folder(open_folder(path_, path_).number()); error != 0)
    throw io_error({.file = path_.string(), .problem = "cannot write to the disk: " + system_message(error)});
}

bool OutputFolder::point_latest_here() const {
  if (path_.parent_path().filename() != runs_folder || path_.filename() == latest_link) return true;
  return point_link(path_.parent_path(), latest_link, path_.filename());
}

}  // namespace nib
