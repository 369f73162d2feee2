#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "base/file_system.h"

namespace nib::test {

enum class Call {
  open,
  write,
  truncate,
  chmod,
  sync,
  lock,
  close,
  rename,
  rename_new,
  exchange,
  link,
  symlink,
  unlink,
  mkdir,
  rmdir,
  space
};

/// A file system with somebody who is asked before each call and told after it.
class WatchedFiles : public FileSystem {
 public:
  /// The errno that the call fails with instead of being made, or 0. A close is made all the same, as Linux does.
  std::function<int(Call)> before = [](Call) { return 0; };
  std::function<void(Call)> after = [](Call) {};
  /// At most so many bytes go out with one write.
  std::size_t longest_write = ~std::size_t{0};
  /// Whether a sync reaches the disk. Most tests have no use for that, and disks are slow.
  bool syncs = false;

  int open(int folder, const char* path, int flags, mode_t mode) override;
  ssize_t write(int file, const void* bytes, std::size_t count) override;
  int truncate(int file, off_t size) override;
  int chmod(int file, mode_t mode) override;
  int sync(int file_or_folder) override;
  int sync_all(int folder) override;
  int lock(int file, int operation) override;
  int close(int file) override;
  int rename(int folder, const char* from, const char* to) override;
  int rename_new(int folder, const char* from, const char* to) override;
  int exchange(int folder, const char* one, const char* other) override;
  int link(int folder, const char* from, const char* to) override;
  int symlink(const char* target, int folder, const char* path) override;
  int unlink(int folder, const char* path) override;
  int mkdir(const char* path, mode_t mode) override;
  int rmdir(const char* path) override;
  int space(const char* path, struct statvfs& space) override;

 private:
  template <typename Made>
  auto call(Call which, Made made);
};

/// All file operations go through another file system while this lives.
class FilesInUse {
 public:
  explicit FilesInUse(FileSystem& files) : before_(use_file_system(&files)) {}
  ~FilesInUse() { use_file_system(before_); }
  FilesInUse(const FilesInUse&) = delete;
  FilesInUse& operator=(const FilesInUse&) = delete;

 private:
  FileSystem* before_;
};

}  // namespace nib::test
