#include "base/watched_files.h"

#include <algorithm>
#include <cerrno>

namespace nib::test {

template <typename Made>
auto WatchedFiles::call(Call which, Made made) {
  if (const int error = before(which); error != 0) {
    if (which == Call::close) made();
    errno = error;
    return decltype(made()){-1};
  }
  const auto result = made();
  const int error = errno;
  after(which);
  errno = error;
  return result;
}

int WatchedFiles::open(int folder, const char* path, int flags, mode_t mode) {
  return call(Call::open, [&] { return FileSystem::open(folder, path, flags, mode); });
}
ssize_t WatchedFiles::write(int file, const void* bytes, std::size_t count) {
  return call(Call::write, [&] { return FileSystem::write(file, bytes, std::min(count, longest_write)); });
}
int WatchedFiles::truncate(int file, off_t size) {
  return call(Call::truncate, [&] { return FileSystem::truncate(file, size); });
}
int WatchedFiles::chmod(int file, mode_t mode) {
  return call(Call::chmod, [&] { return FileSystem::chmod(file, mode); });
}
int WatchedFiles::sync_all(int folder) {
  return call(Call::sync, [&] { return syncs ? FileSystem::sync_all(folder) : 0; });
}
int WatchedFiles::sync(int file_or_folder) {
  return call(Call::sync, [&] { return syncs ? FileSystem::sync(file_or_folder) : 0; });
}
int WatchedFiles::lock(int file, int operation) {
  return call(Call::lock, [&] { return FileSystem::lock(file, operation); });
}
int WatchedFiles::close(int file) {
  return call(Call::close, [&] { return FileSystem::close(file); });
}
int WatchedFiles::rename(int folder, const char* from, const char* to) {
  return call(Call::rename, [&] { return FileSystem::rename(folder, from, to); });
}
int WatchedFiles::rename_new(int folder, const char* from, const char* to) {
  return call(Call::rename_new, [&] { return FileSystem::rename_new(folder, from, to); });
}
int WatchedFiles::exchange(int folder, const char* one, const char* other) {
  return call(Call::exchange, [&] { return FileSystem::exchange(folder, one, other); });
}
int WatchedFiles::link(int folder, const char* from, const char* to) {
  return call(Call::link, [&] { return FileSystem::link(folder, from, to); });
}
int WatchedFiles::symlink(const char* target, int folder, const char* path) {
  return call(Call::symlink, [&] { return FileSystem::symlink(target, folder, path); });
}
int WatchedFiles::unlink(int folder, const char* path) {
  return call(Call::unlink, [&] { return FileSystem::unlink(folder, path); });
}
int WatchedFiles::mkdir(const char* path, mode_t mode) {
  return call(Call::mkdir, [&] { return FileSystem::mkdir(path, mode); });
}
int WatchedFiles::rmdir(const char* path) {
  return call(Call::rmdir, [&] { return FileSystem::rmdir(path); });
}
int WatchedFiles::space(const char* path, struct statvfs& space) {
  return call(Call::space, [&] { return FileSystem::space(path, space); });
}

}  // namespace nib::test
