#include "base/temporary_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "base/error.h"
#include "base/file_system.h"
#include "base/new_file.h"
#include "base/text.h"

namespace nib {
namespace {

constexpr std::string_view suffix = ".tmp";
constexpr std::size_t random_digits = 16;

/// The longest part of the final name that a temporary one repeats: file names end at 255 bytes.
constexpr std::size_t longest_stem = 200;

/// Whether this process has the open file for itself, and it still bears its name: a sweep may have come between its
/// making and its locking. Where there are no locks nobody sweeps.
bool is_ours(int file, int folder, const std::string& name) {
  struct stat status = {};
  if (through_signals([&] { return file_system().lock(file, LOCK_EX | LOCK_NB); }) != 0) return errno != EWOULDBLOCK;
  return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

}  // namespace

TemporaryFile::TemporaryFile(std::filesystem::path folder, const std::string& name, std::filesystem::path path,
                             mode_t mode)
    : path_(std::move(path)), folder_(open_folder(std::move(folder), path_)) {
  do create(name, mode);
  while (!is_ours(file_.number(), folder_.number(), temporary_name_));
}

TemporaryFile::~TemporaryFile() {
  if (!temporary_name_.empty()) file_system().unlink(folder_.number(), temporary_name_.c_str());
}

/// A name is taken only where 64 random bits fall on a file that is already there.
void TemporaryFile::create(const std::string& name, mode_t mode) {
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  std::string taken;
  do {
    taken = temporary_name(name);
    removed_at_last_.reset();
    const LastActsHeld held;  // or they would find no file yet, and this one would come behind them
    removed_at_last_.emplace(folder_.number(), taken);
    file_ = FileDescriptor(through_signals(
        [&] { return file_system().open(folder_.number(), taken.c_str(), flags, mode | S_IRUSR | S_IWUSR); }));
  } while (!file_.is_open() && errno == EEXIST);
  check(file_.is_open(), "cannot create a file in the folder");
  temporary_name_ = taken;
}

void TemporaryFile::check(bool succeeded, const char* step) const {
  if (succeeded) return;
  const int error_number = errno;
  throw io_error({.file = path_.string(), .problem = std::string(step) + ": " + system_message(error_number)});
}

void TemporaryFile::set_mode(mode_t mode) noexcept {
  struct stat status = {};
  if (::fstat(file_.number(), &status) != 0 || (status.st_mode & 07777) != mode)
    file_system().chmod(file_.number(), mode);
}

void TemporaryFile::write(std::span<const std::uint8_t> bytes) {
  errno = write_fully(file_.number(), bytes);
  check(errno == 0, "cannot write");
}

void TemporaryFile::sync_and_close() {
  // Never retried but for a signal: after a failed fsync Linux may have dropped the very pages that a second one would
  // report as safe.
  check(through_signals([&] { return file_system().sync(file_.number()); }) == 0, "cannot write to the disk");
  errno = file_.close();
  check(errno == 0, "cannot close");
}

void TemporaryFile::rename_to(const std::string& name) {
  const auto rename = [&] {
    const LastActsHeld held;  // or the folder may be another process's by now, without its lock
    return file_system().rename(folder_.number(), temporary_name_.c_str(), name.c_str());
  };
  check(through_signals(rename) == 0, "cannot rename");
  forget_name();
}

bool TemporaryFile::rename_to_free(const std::string& name) {
  const int error = [&] {
    const LastActsHeld held;  // when it goes, signals come in, and errno may be another
    return finish_new_file(folder_.number(), temporary_name_.c_str(), name.c_str());
  }();
  if (error == EEXIST) return false;
  errno = error;
  check(error == 0, "cannot rename");
  forget_name();
  return true;
}

void TemporaryFile::forget_name() noexcept {
  temporary_name_.clear();
  removed_at_last_.reset();
}

void TemporaryFile::sync_name() {
  errno = sync_folder(folder_.number());
  check(errno == 0, "saved, but its durability is unconfirmed");
}

FileDescriptor open_folder(std::filesystem::path folder, const std::filesystem::path& path) {
  if (folder.empty()) folder = ".";
  FileDescriptor opened(through_signals(
      [&] { return file_system().open(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); }));
  if (!opened.is_open())
    throw io_error({.file = path.string(), .problem = "cannot open the folder: " + system_message(errno)});
  return opened;
}

int sync_folder(int folder) noexcept {
  if (through_signals([&] { return file_system().sync(folder); }) == 0) return 0;
  switch (errno) {
    case EINVAL:
    case ENOSYS:
    case EOPNOTSUPP:
    case EBADF:
    case EACCES:
      return 0;
    default:
      return errno;
  }
}

std::string temporary_name(const std::string& name) {
  std::random_device device;
  const std::uint64_t number = (std::uint64_t{device()} << 32) | device();
  return fmt::format(".{}.{}-{:016x}{}", name.substr(0, longest_stem), ::getpid(), number, suffix);
}

bool is_temporary_name(std::string_view file_name) {
  const std::size_t tail = 1 + random_digits + suffix.size();
  if (file_name.size() <= tail || file_name[0] != '.' || !file_name.ends_with(suffix)) return false;
  const std::string_view random = file_name.substr(file_name.size() - tail + 1, random_digits);
  if (file_name[file_name.size() - tail] != '-' ||
      random.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return false;
  file_name.remove_suffix(tail);
  const std::size_t dot = file_name.rfind('.');
  const std::uint64_t process = dot == 0 ? 0 : parse_unsigned(file_name.substr(dot + 1)).value_or(0);
  return process > 0 && process <= 0x7FFFFFFF;
}

}  // namespace nib
