#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nib {

/// A log file at one moment of its run: how it begins, whatever is written to it later.
struct LogPosition {
  std::string path{};
  std::uint64_t bytes = 0;
  std::uint32_t crc32c = 0;  ///< of these bytes
};

/// The logs of a run at one moment, for the run to go on in them. Logs that are no regular files (a terminal, a pipe)
/// and those of which something was lost are not among them.
struct LogsRecord {
  std::uint32_t every = 0;  ///< steps from one batch event to the next
  std::optional<LogPosition> event_log{};
  double seconds = 0;                      ///< that the event log has counted
  std::string tensorboard{};               ///< folder of the event files; empty for none
  std::vector<LogPosition> event_files{};  ///< by their paths in that folder
};

}  // namespace nib
