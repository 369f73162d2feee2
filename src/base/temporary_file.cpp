#include "base/temporary_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

constexpr std::string_view suffix = ".tmp";
constexpr std::size_t random_digits = 16;

/// The longest part of the final name that a temporary one repeats: file names end at 255 bytes.
constexpr std::size_t longest_stem = 200;

std::string temporary_name(const std::string& name) {
  std::random_device device;
  const std::uint64_t number = (std::uint64_t{device()} << 32) | device();
  return fmt::format(".{}.{}-{:016x}{}", name.substr(0, longest_stem), ::getpid(), number, suffix);
}

}  // namespace

TemporaryFile::TemporaryFile(std::filesystem::path folder, const std::string& name, std::filesystem::path path)
    : path_(std::move(path)) {
  if (folder.empty()) folder = ".";
  folder_ = FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  check(folder_.is_open(), "cannot open the folder");
  do {  // a name is taken only where 64 random bits fall on a file that is already there
    temporary_name_ = temporary_name(name);
    file_ = FileDescriptor(::openat(folder_.number(), temporary_name_.c_str(),
                                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  } while (!file_.is_open() && errno == EEXIST);
  if (!file_.is_open()) temporary_name_.clear();
  check(file_.is_open(), "cannot create a file in the folder");
}

TemporaryFile::~TemporaryFile() {
  if (!temporary_name_.empty()) ::unlinkat(folder_.number(), temporary_name_.c_str(), 0);
}

void TemporaryFile::check(bool succeeded, const char* step) const {
  if (succeeded) return;
  const int error_number = errno;
  throw io_error({.file = path_.string(), .problem = std::string(step) + ": " + system_message(error_number)});
}

void TemporaryFile::set_mode(unsigned mode) { check(::fchmod(file_.number(), mode) == 0, "cannot set the mode"); }

void TemporaryFile::write(std::span<const std::uint8_t> bytes) {
  errno = write_fully(file_.number(), bytes);
  check(errno == 0, "cannot write");
}

void TemporaryFile::sync_and_close() {
  // Never retried: after a failed fsync Linux may have dropped the very pages that a second one would report as safe.
  check(::fsync(file_.number()) == 0, "cannot write to the disk");
  errno = file_.close();
  check(errno == 0, "cannot close");
}

void TemporaryFile::rename_to(const std::string& name) {
  check(::renameat(folder_.number(), temporary_name_.c_str(), folder_.number(), name.c_str()) == 0, "cannot rename");
  temporary_name_.clear();
  // EINVAL: this file system has no such thing as syncing a folder.
  check(::fsync(folder_.number()) == 0 || errno == EINVAL, "saved, but its durability is unconfirmed");
}

int temporary_file_owner(std::string_view file_name) {
  const std::size_t tail = 1 + random_digits + suffix.size();
  if (file_name.size() <= tail || file_name[0] != '.' || !file_name.ends_with(suffix)) return 0;
  const std::string_view random = file_name.substr(file_name.size() - tail + 1, random_digits);
  if (file_name[file_name.size() - tail] != '-' ||
      random.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return 0;
  file_name.remove_suffix(tail);
  const auto process = parse_unsigned(file_name.substr(file_name.rfind('.') + 1));
  const bool possible = process && *process > 0 && *process <= 0x7FFFFFFF;
  return possible ? static_cast<int>(*process) : 0;
}

}  // namespace nib
