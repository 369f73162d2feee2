#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>

namespace nib {

/// All that nib does to files, the writing of its own texts included, goes through one of these: the system calls of
/// the same names, with their results and errno. Tests put another one in their place, which lets any call fail,
/// records the calls or ends the process at one. `folder` is an open folder or AT_FDCWD.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual int open(int folder, const char* path, int flags, mode_t mode);
  virtual ssize_t write(int file, const void* bytes, std::size_t count);
  virtual int truncate(int file, off_t size);
  virtual int chmod(int file, mode_t mode);
  virtual int sync(int file_or_folder);
  virtual int sync_all(int folder);           ///< syncfs(): of the whole file system that the folder is in
  virtual int lock(int file, int operation);  ///< flock()
  virtual int close(int file);
  virtual int rename(int folder, const char* from, const char* to);
  virtual int rename_new(int folder, const char* from, const char* to);  ///< renameat2() with RENAME_NOREPLACE
  virtual int exchange(int folder, const char* one, const char* other);  ///< renameat2() with RENAME_EXCHANGE
  virtual int link(int folder, const char* from, const char* to);
  virtual int symlink(const char* target, int folder, const char* path);
  virtual int unlink(int folder, const char* path);
  virtual int mkdir(const char* path, mode_t mode);
  virtual int rmdir(const char* path);
  virtual int space(const char* path, struct statvfs& space);  ///< statvfs()
};

/// The one in use, for the whole process.
FileSystem& file_system();
/// Puts another one in its place, nullptr the operating system's own; returns what was there. `other` must outlive its
/// use.
FileSystem* use_file_system(FileSystem* other);

/// A call's result, made again as long as a signal breaks it.
template <typename Call>
auto through_signals(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace nib
