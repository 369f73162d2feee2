#pragma once

#include <filesystem>
#include <string>

#include "base/file_descriptor.h"

namespace nib {

/// Keeps a second program out of a folder: the file `.lock` with this process's number, locked as long as this object
/// lives and removed with it. A lock that a killed process left behind holds nobody up.
class FolderLock {
 public:
  /// Throws Error: usage, naming `option` and the process, when another one has the folder; io when there can be no
  /// lock.
  FolderLock(const std::filesystem::path& folder, const std::string& option);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
};

}  // namespace nib
