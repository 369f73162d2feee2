#include "commands/train/log_resumption.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "commands/train/resumption.h"
#include "runs/run_record.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// A process that was killed before its first checkpoint has told of its event files in the record alone. What they
/// hold comes again.
void add_files_since(const RunRecord& latest, LogsRecord& logs) {
  if (!latest.logs || latest.logs->tensorboard != logs.tensorboard) return;
  for (const LogPosition& file : latest.logs->event_files)
    if (std::ranges::find(logs.event_files, file.path, &LogPosition::path) == logs.event_files.end())
      logs.event_files.push_back({.path = file.path});
}

/// Whether the run that the folder holds also is in the folder that it began in.
bool is_copy(const RunRecord& run, const fs::path& folder) {
  std::error_code ignored;
  if (run.folder.empty() || !fs::is_directory(run.folder, ignored)) return false;
  if (fs::equivalent(run.folder, folder, ignored)) return false;
  try {
    return read_record(run.folder).started == run.started;
  } catch (const Error&) {
    return false;
  }
}

/// Leaves out the logs that lie outside of the folder.
void keep_logs_inside(const std::string& run, LogsRecord& logs, Notes& notes) {
  const auto leave = [&](const fs::path& path) {
    if (path.is_relative()) return false;
    notes.warn(printable(path.string()) + ": the log of the run in " + printable(run) +
               ", of which this is a copy: it stays as it is");
    return true;
  };
  if (logs.event_log && leave(logs.event_log->path)) logs.event_log.reset();
  if (!logs.tensorboard.empty() && leave(logs.tensorboard)) {
    logs.tensorboard.clear();
    logs.event_files.clear();
  }
}

/// Relative paths are told from the folder; others replace it.
void tell_from_here(const fs::path& folder, LogsRecord& logs) {
  if (logs.event_log) logs.event_log->path = (folder / logs.event_log->path).string();
  if (!logs.tensorboard.empty()) logs.tensorboard = (folder / logs.tensorboard).string();
}

}  // namespace

LogsRecord told_from(const fs::path& folder, LogsRecord logs) {
  std::error_code gone;
  const auto tell = [root = fs::canonical(folder, gone)](std::string& path) {
    const fs::path inside = fs::path(path).lexically_relative(root);
    if (!inside.empty() && *inside.begin() != "..") path = inside.string();
  };
  if (logs.event_log) tell(logs.event_log->path);
  if (!logs.tensorboard.empty()) tell(logs.tensorboard);
  return logs;
}

std::optional<LogsRecord> beside_left(std::optional<LogsRecord> now, const std::optional<LogsRecord>& left) {
  if (!now || !left) return now ? now : left;
  if (!now->event_log) {
    now->event_log = left->event_log;
    now->seconds = left->seconds;
  }
  if (now->tensorboard.empty()) {
    now->tensorboard = left->tensorboard;
    now->event_files = left->event_files;
  }
  return now;
}

void take_logs(TrainOptions& options, FoundCheckpoint& found, const std::vector<std::string>& given, Notes& notes) {
  std::optional<LogsRecord>& logs = found.checkpoint.record.logs;
  if (!goes_on_in(found, options.out)) logs.reset();
  if (!logs) return;
  const RunRecord& run = found.checkpoint.record;
  if (is_copy(run, options.out)) keep_logs_inside(run.folder, *logs, notes);
  add_files_since(read_record(options.out), *logs);
  if (!options.logs.go_on) {
    options.logs.left = std::exchange(logs, std::nullopt);
    return;
  }
  tell_from_here(options.out, *logs);
  const auto is_given = [&](const char* option) { return std::ranges::find(given, option) != given.end(); };
  if (!is_given("--log-every")) options.logs.every = logs->every;
  if (logs->event_log && !is_given("--log-json")) options.logs.json = logs->event_log->path;
  if (!is_given("--tensorboard")) options.logs.tensorboard = logs->tensorboard;
}

}  // namespace nib
