#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "encodings/protobuf.h"
#include "logs/log_file.h"
#include "logs/log_folder.h"

namespace nib {

/// An event file of TensorBoard in a folder of its run: a TFRecord file of Event messages, named as TensorFlow names
/// its own, `events.out.tfevents.SECONDS.HOST.PID.NUMBER.v2`.
class EventFile {
 public:
  /// Makes the folder where it is missing, and a new file in it; both go again when nothing is written. `number` tells
  /// the files of one process apart. TensorBoard reads the files of a folder by their names: this one comes behind
  /// those of the second `last`. Throws Error.
  EventFile(const std::filesystem::path& folder, unsigned number, std::uint64_t last = 0);

  /// Writes a record, behind that of the file's version for the first one. Never throws.
  void write(const ProtobufMessage& event);

  LogFile& file() { return file_; }
  const LogFile& file() const { return file_; }

 private:
  LogFolder folder_;
  LogFile file_;
};

/// Seconds since 1970, UTC, as events tell their time.
double wall_time_now();

/// The second since 1970 in the name of an event file; nothing for other names.
std::optional<std::uint64_t> second_of_event_file(const std::string& name);
/// Whether a folder holds event files.
bool has_event_files(const std::filesystem::path& folder);

}  // namespace nib
