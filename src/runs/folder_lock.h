#pragma once

#include <filesystem>
#include <optional>

#include "base/file_descriptor.h"
#include "base/last_acts.h"
#include "base/notes.h"

namespace nib {

/// Keeps a second program out of a folder: the file `.lock`, locked as long as this object lives and removed with it.
/// The lock alone decides; process and host, which stand in the file, are only told. A file that a killed process left
/// behind holds nobody up. On a file system without locks the work goes on, with a warning.
class FolderLock {
 public:
  /// Throws Error: usage, naming the process, when another one has the folder; io when there can be no
  /// lock.
  FolderLock(const std::filesystem::path& folder, Notes& notes);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// False once the folder was removed or given to another run, as far as locks can tell.
  bool holds() const noexcept;

 private:
  bool open_file();
  void lock(const std::filesystem::path& folder, Notes& notes);
  void tell_owner();
  void remove() noexcept;

  std::filesystem::path path_;
  FileDescriptor file_;
  bool made_ = false, locked_ = false;
  std::optional<RemovedAtLast> removed_at_last_;
};

}  // namespace nib
