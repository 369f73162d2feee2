#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "encodings/json.h"
#include "logs/log_file.h"

namespace nib {

/// A log for machines: one JSON object a line (docs/formats.md, "Event log"). Never throws once it is open.
class EventLog {
 public:
  /// See LogFile::open().
  EventLog(const std::filesystem::path& path, bool replace);
  /// Goes on in the log of an earlier process that had counted so many seconds, see LogFile::go_on().
  EventLog(const LogPosition& position, double seconds);

  /// A line with "event", "time" (UTC, in milliseconds), "seconds" since the log was opened, and the fields. Numbers
  /// that are not finite become null; what is not UTF-8, as a path may be, is replaced.
  void write(const std::string& event, const Json& fields);

  double seconds() const;  ///< since the log was opened; the time between two processes does not count
  LogFile& file() { return file_; }
  const LogFile& file() const { return file_; }

 private:
  LogFile file_;
  std::chrono::steady_clock::time_point opened_;
};

}  // namespace nib
