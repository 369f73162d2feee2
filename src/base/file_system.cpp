#include "base/file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

namespace nib {
namespace {

FileSystem& operating_system() {
  static FileSystem instance;
  return instance;
}

std::atomic<FileSystem*> in_use{nullptr};

}  // namespace

int FileSystem::open(int folder, const char* path, int flags, mode_t mode) {
  return ::openat(folder, path, flags, mode);
}
ssize_t FileSystem::write(int file, const void* bytes, std::size_t count) { return ::write(file, bytes, count); }
int FileSystem::truncate(int file, off_t size) { return ::ftruncate(file, size); }
int FileSystem::chmod(int file, mode_t mode) { return ::fchmod(file, mode); }
int FileSystem::sync(int file_or_folder) { return ::fsync(file_or_folder); }
int FileSystem::sync_all(int folder) { return ::syncfs(folder); }
int FileSystem::lock(int file, int operation) { return ::flock(file, operation); }
int FileSystem::close(int file) { return ::close(file); }
int FileSystem::rename(int folder, const char* from, const char* to) { return ::renameat(folder, from, folder, to); }
int FileSystem::rename_new(int folder, const char* from, const char* to) {
  return ::renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}
int FileSystem::exchange(int folder, const char* one, const char* other) {
  return ::renameat2(folder, one, folder, other, RENAME_EXCHANGE);
}
int FileSystem::link(int folder, const char* from, const char* to) { return ::linkat(folder, from, folder, to, 0); }
int FileSystem::symlink(const char* target, int folder, const char* path) { return ::symlinkat(target, folder, path); }
int FileSystem::unlink(int folder, const char* path) { return ::unlinkat(folder, path, 0); }
int FileSystem::mkdir(const char* path, mode_t mode) { return ::mkdir(path, mode); }
int FileSystem::rmdir(const char* path) { return ::rmdir(path); }
int FileSystem::space(const char* path, struct statvfs& space) { return ::statvfs(path, &space); }

FileSystem& file_system() {
  FileSystem* const other = in_use.load();
  return other != nullptr ? *other : operating_system();
}

FileSystem* use_file_system(FileSystem* other) { return in_use.exchange(other); }

}  // namespace nib
