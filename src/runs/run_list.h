#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/notes.h"
#include "encodings/json.h"
#include "runs/run_record.h"

namespace nib {

/// One run as a list of runs has it.
struct ListedRun {
  std::filesystem::path folder;
  RunRecord record;
  bool alive = false;       ///< a process is at it
  std::uint64_t bytes = 0;  ///< of the files in its folder
  std::string way_on{};     ///< the command that goes on with it; empty for one that is finished or alive

  /// "finished", "running", "interrupted", "failed", or "broken off" for one that nobody goes on with.
  std::string state() const;
  std::uint32_t epochs_planned() const;  ///< 0 where the record does not say
  /// The best epoch by the run's own monitor.
  std::optional<std::uint32_t> best() const;
};

/// Whether a process is at the run in a folder, and so holds its lock.
bool is_alive(const std::filesystem::path& folder);

/// All runs in a folder and in those below it, by the time they began; the folder may be a run itself. Links are not
/// followed. What cannot be read is told and left out. Throws Error (io) where `folder` is none.
std::vector<ListedRun> list_runs(const std::filesystem::path& folder, Notes& notes);

Json to_json(const ListedRun& run);

}  // namespace nib
