#pragma once

#include <filesystem>

#include "base/file_descriptor.h"

namespace nib {

/// Keeps a second program out of a folder: the file `.lock` with this process's number, locked as long as this object
/// lives and removed with it. A lock that a killed process left behind holds nobody up.
class FolderLock {
 public:
  /// Throws Error: usage, naming the process, when another one has the folder; io when there can be no
  /// lock.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
};

}  // namespace nib
