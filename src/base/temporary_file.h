#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"

namespace nib {

/// A new file `.NAME.PID-RANDOM.tmp` beside the one that it is going to be. It is removed again unless it is renamed.
/// Every step throws Error (io) naming `path`.
class TemporaryFile {
 public:
  /// `path` is what errors name: the file to be made, or the folder for a probe.
  TemporaryFile(std::filesystem::path folder, const std::string& name, std::filesystem::path path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void set_mode(unsigned mode);
  void write(std::span<const std::uint8_t> bytes);
  /// Forces the bytes to the disk and closes the file.
  void sync_and_close();
  /// Gives the file its name, and forces that to the disk as well.
  void rename_to(const std::string& name);

 private:
  void check(bool succeeded, const char* step) const;

  std::filesystem::path path_;
  FileDescriptor folder_, file_;
  std::string temporary_name_;  // empty once renamed
};

/// The process that made a temporary file of this name, or 0 when it is none of ours.
int temporary_file_owner(std::string_view file_name);

}  // namespace nib
