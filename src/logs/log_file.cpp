#include "logs/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/file_system.h"

namespace nib {
namespace {

/// Nothing here may wait: a FIFO that nobody reads is told.
constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

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

}  // namespace

LogFile::LogFile(std::filesystem::path path, FileDescriptor file, bool made)
    : path_(std::move(path)), file_(std::move(file)), made_(made) {}

LogFile LogFile::create(const std::filesystem::path& path, const std::string& setting_name) {
  FileDescriptor file = open_file(path, O_EXCL);
  if (!file.is_open()) refuse(path, setting_name, errno);
  return {path, std::move(file), true};
}

LogFile LogFile::open(const std::filesystem::path& path, const std::string& setting_name, bool replace) {
  FileDescriptor made = open_file(path, O_EXCL);
  if (made.is_open()) return {path, std::move(made), true};
  FileDescriptor file = open_file(path, 0);
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

LogFile::~LogFile() {
  if (made_ && file_.is_open() && is_empty()) file_system().unlink(AT_FDCWD, path_.c_str());
}

void LogFile::write(std::string_view entry) noexcept {
  if (lost_ == 0 && is_empty()) lost_ = cut_to(0);
  if (lost_ != 0) return;
  lost_ = write_fully(file_.number(), {reinterpret_cast<const std::uint8_t*>(entry.data()), entry.size()});
  if (lost_ == 0)
    size_ += entry.size();
  else
    cut_to(size_);
}

int LogFile::cut_to(std::uint64_t size) noexcept {
  if (through_signals([&] { return file_system().truncate(file_.number(), static_cast<off_t>(size)); }) == 0) return 0;
  return errno == EINVAL ? 0 : errno;  // EINVAL: a pipe or a terminal, of which nothing can be taken back
}

}  // namespace nib
