#include "logs/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/file_system.h"
#include "encodings/crc32c.h"

namespace nib {
namespace {

/// Nothing here may wait: a FIFO that nobody reads is told.
constexpr int flags = O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
constexpr int to_write = O_WRONLY | O_CREAT;

/// With all rights that the umask allows.
FileDescriptor open_file(const std::filesystem::path& path, int more_flags) {
  return FileDescriptor(
      through_signals([&] { return file_system().open(AT_FDCWD, path.c_str(), flags | more_flags, 0666); }));
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& setting_name, int error) {
  const std::string name = path.string();
  if (error == ENOENT)
    throw usage_error({.setting = setting_name, .file = name, .problem = "the folder above it does not exist"});
  if (error == EISDIR) throw usage_error({.setting = setting_name, .file = name, .problem = "is a folder, not a file"});
  if (error == ENXIO)
    throw usage_error(
        {.setting = setting_name, .file = name, .problem = "nobody reads from it", .hint = "start its reader first"});
  throw io_error(
      {.setting = setting_name, .file = name, .problem = "cannot open for writing: " + system_message(error)});
}

bool is_regular(int file) {
  struct stat status = {};
  return ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

bool begins_as(int file, const LogPosition& position) {
  std::array<char, 65536> part;
  std::uint32_t checksum = 0;
  for (std::uint64_t read = 0; read < position.bytes;) {
    const std::size_t wanted = std::min<std::uint64_t>(part.size(), position.bytes - read);
    const ssize_t count = through_signals([&] { return ::pread(file, part.data(), wanted, static_cast<off_t>(read)); });
    if (count <= 0) return false;
    checksum = crc32c({part.data(), static_cast<std::size_t>(count)}, checksum);
    read += static_cast<std::uint64_t>(count);
  }
  return checksum == position.crc32c;
}

}  // namespace

LogFile::LogFile(std::filesystem::path path, FileDescriptor file, bool made)
    : path_(std::move(path)), file_(std::move(file)), made_(made) {}

LogFile LogFile::create(const std::filesystem::path& path, const std::string& setting_name) {
  FileDescriptor file = open_file(path, to_write | O_EXCL);
  if (!file.is_open()) refuse(path, setting_name, errno);
  return {path, std::move(file), true};
}

LogFile LogFile::open(const std::filesystem::path& path, const std::string& setting_name, bool replace) {
  FileDescriptor made = open_file(path, to_write | O_EXCL);
  if (made.is_open()) return {path, std::move(made), true};
  FileDescriptor file = open_file(path, to_write);
  struct stat status = {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) refuse(path, setting_name, errno);
  if (S_ISREG(status.st_mode) && status.st_size > 0 && !replace)
    throw usage_error({.setting = setting_name,
                       .file = path.string(),
                       .problem = "the file exists and is not empty",
                       .hint = setting("force") + " replaces it"});
  ::fcntl(file.number(), F_SETFL, O_APPEND);  // from here on a slow reader is waited for
  return {path, std::move(file), false};
}

LogFile LogFile::go_on(const LogPosition& position, const std::string& setting_name) {
  FileDescriptor file = open_file(position.path, O_RDWR);
  if (!file.is_open()) refuse(position.path, setting_name, errno);
  if (!is_regular(file.number()) || !begins_as(file.number(), position))
    throw usage_error(
        {.setting = setting_name,
         .file = position.path,
         .problem = "does not begin as the run had left it at its checkpoint",
         .hint = setting(setting_name) + " names another place, " + setting("no logs") + " goes on without logs"});
  LogFile log(position.path, std::move(file), false);
  log.size_ = position.bytes;
  log.checksum_ = position.crc32c;
  return log;
}

LogFile::~LogFile() {
  if (made_ && file_.is_open() && is_empty()) file_system().unlink(AT_FDCWD, path_.c_str());
}

void LogFile::write(std::string_view entry) noexcept {
  cut();
  if (lost_ != 0) return;
  lost_ = write_fully(file_.number(), {reinterpret_cast<const std::uint8_t*>(entry.data()), entry.size()});
  if (lost_ != 0) {
    cut_to(size_);
    return;
  }
  size_ += entry.size();
  checksum_ = crc32c(entry, checksum_);
}

void LogFile::cut() noexcept {
  if (!std::exchange(begun_, true)) lost_ = cut_to(size_);
}

void LogFile::sync() noexcept {
  through_signals([&] { return file_system().sync(file_.number()); });
}

std::optional<LogPosition> LogFile::position() const {
  if (lost_ != 0 || !is_regular(file_.number())) return std::nullopt;
  std::error_code moved_away;
  const std::filesystem::path full = std::filesystem::canonical(path_, moved_away);
  return LogPosition{.path = (moved_away ? path_ : full).string(), .bytes = size_, .crc32c = checksum_};
}

int LogFile::cut_to(std::uint64_t size) noexcept {
  if (through_signals([&] { return file_system().truncate(file_.number(), static_cast<off_t>(size)); }) == 0) return 0;
  return errno == EINVAL ? 0 : errno;  // EINVAL: a pipe or a terminal, of which nothing can be taken back
}

}  // namespace nib
