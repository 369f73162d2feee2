#include "runs/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

/// The process number that a lock file holds; empty when it holds none.
std::string owner_of(int file) {
  std::array<char, 32> text{};
  const ssize_t count = pread(file, text.data(), text.size(), 0);
  const std::string_view number(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  const std::optional<std::uint64_t> process = parse_unsigned(number.substr(0, number.find('\n')));
  return process ? std::to_string(*process) : std::string();
}

/// Whether `path` still names the open file: its last owner may have removed it between our open and our lock.
bool is_named(int file, const std::filesystem::path& path) {
  struct stat open_file = {}, named_file = {};
  return fstat(file, &open_file) == 0 && stat(path.c_str(), &named_file) == 0 &&
         open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) : path_(folder / ".lock") {
  do {
    file_ = FileDescriptor(open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!file_.is_open())
      throw io_error({.file = path_.string(), .problem = "cannot lock the folder: " + system_message(errno)});
    if (flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK)
        throw io_error({.file = path_.string(), .problem = "cannot lock the folder: " + system_message(errno)});
      const std::string owner = owner_of(file_.number());
      throw usage_error({.setting = "output folder",
                         .file = folder.string(),
                         .problem = "another run is writing into this folder" +
                                    (owner.empty() ? std::string() : " (process " + owner + ")"),
                         .hint = "wait for it, or choose another folder"});
    }
  } while (!is_named(file_.number(), path_));
  const std::string owner = std::to_string(getpid()) + '\n';
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(owner.data()), owner.size());
  int error = ftruncate(file_.number(), 0) == 0 ? 0 : errno;
  if (error == 0) error = write_fully(file_.number(), bytes);
  if (error != 0) {
    unlink(path_.c_str());
    throw io_error({.file = path_.string(), .problem = "cannot lock the folder: " + system_message(error)});
  }
}

FolderLock::~FolderLock() { unlink(path_.c_str()); }

}  // namespace nib
