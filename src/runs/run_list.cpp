#include "runs/run_list.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/text.h"
#include "encodings/json_reader.h"
#include "formats/checkpoint_names.h"
#include "runs/checkpoint_files.h"
#include "runs/file_names.h"
#include "runs/run_monitor.h"
#include "training/history.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr int deepest_folder = 4;

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored) && !entry->is_symlink(ignored)) bytes += entry->file_size(ignored);
  }
  return bytes;
}

/// The epochs of a run that did not end are told by its checkpoint: its record has them from its end on.
History history_so_far(const fs::path& folder, Notes& notes) {
  if (checkpoint_files(folder).empty()) return {};
  try {
    return find_checkpoint(folder, notes).checkpoint.position.history;
  } catch (const Error&) {
    return {};  // resuming will tell what is wrong with it
  }
}

ListedRun read(const fs::path& folder, Notes& notes) {
  ListedRun run{.folder = folder, .record = read_record(folder)};
  run.alive = is_alive(folder);
  run.bytes = bytes_in(folder);
  if (run.record.status != RunStatus::finished && run.record.history.empty())
    run.record.history = history_so_far(folder, notes);
  if (run.record.status != RunStatus::finished && !run.alive && !run.record.nonfinite_step)
    run.way_on =
        checkpoint_files(folder).empty() ? run.record.command : "nib train --resume " + shell_word(folder.string());
  return run;
}

void find(const fs::path& folder, int depth, std::vector<ListedRun>& runs, Notes& notes) {
  std::error_code error;
  if (fs::exists(folder / record_file, error)) {
    try {
      runs.push_back(read(folder, notes));
    } catch (const Error& problem) {
      notes.warn(problem.what());
    }
  }
  if (depth == deepest_folder) return;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) find(entry->path(), depth + 1, runs, notes);
  }
}

}  // namespace

/// What no longer is locked was left by one that was killed.
bool is_alive(const fs::path& folder) {
  const FileDescriptor lock(::open((folder / ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return lock.is_open() && ::flock(lock.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::string ListedRun::state() const {
  if (record.status == RunStatus::running && !alive) return "broken off";
  return word(record.status);
}

std::uint32_t ListedRun::epochs_planned() const {
  if (!record.configuration.is_object()) return 0;
  const std::string document = record_file;
  const auto epochs = JsonReader(record.configuration, document).find("epochs");
  return epochs ? epochs->count() : 0;
}

std::optional<std::uint32_t> ListedRun::best() const { return best_epoch(record); }

std::vector<ListedRun> list_runs(const fs::path& folder, Notes& notes) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw io_error({.file = folder.string(),
                    .problem = "no such folder",
                    .expected = "a folder with runs",
                    .hint = "nib train makes one: runs"});
  std::vector<ListedRun> runs;
  find(folder, 0, runs, notes);
  std::ranges::sort(runs, [](const ListedRun& a, const ListedRun& b) {
    return std::pair(a.record.started, a.folder) < std::pair(b.record.started, b.folder);
  });
  return runs;
}

Json to_json(const ListedRun& run) {
  const RunRecord& record = run.record;
  Json object = {{"folder", run.folder.string()},
                 {"state", run.state()},
                 {"started", record.started},
                 {"data", record.data.name},
                 {"epochs", run.record.history.size()},
                 {"epochs_planned", run.epochs_planned()},
                 {"bytes", run.bytes}};
  object["accuracy"] = record.test ? Json(record.test->accuracy) : Json();
  object["best_epoch"] = run.best();
  object["weights_sha256"] = record.weights_sha256.empty() ? Json() : Json(record.weights_sha256);
  object["way_on"] = run.way_on.empty() ? Json() : Json(run.way_on);
  return object;
}

}  // namespace nib
