#include "runs/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/file_system.h"
#include "base/files.h"
#include "base/text.h"

namespace nib {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// " (process N)" of the numbers in a lock file, with the host's name where it is another; empty where it holds none.
std::string owner_of(int file) {
  std::array<char, 320> bytes{};
  const ssize_t count = ::pread(file, bytes.data(), bytes.size(), 0);
  std::string_view text(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  text = text.substr(0, text.find('\n'));
  const std::size_t space = text.find(' ');
  const std::optional<std::uint64_t> process = parse_unsigned(text.substr(0, space));
  if (!process) return {};
  const std::string host = space == std::string_view::npos ? host_name() : std::string(text.substr(space + 1));
  return " (process " + std::to_string(*process) + (host == host_name() ? "" : " on " + printable(host)) + ")";
}

bool are_unknown_here(int error) { return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP; }

Error no_lock(const std::filesystem::path& path, int error) {
  return io_error({.file = path.string(), .problem = "cannot lock the folder: " + system_message(error)});
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, Notes& notes) : path_(folder / ".lock") {
  try {
    do {
      if (!open_file()) throw no_lock(path_, errno);
      lock(folder, notes);
      // The last owner may have removed the file between its opening and its locking.
    } while (locked_ && !is_named(file_.number(), path_));
    if (locked_ || made_) tell_owner();
  } catch (...) {
    remove();
    throw;
  }
}

FolderLock::~FolderLock() { remove(); }

bool FolderLock::holds() const noexcept { return !locked_ || is_named(file_.number(), path_); }

bool FolderLock::open_file() {
  const auto open_with = [&](int creation) {
    constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    file_ = FileDescriptor(
        through_signals([&] { return file_system().open(AT_FDCWD, path_.c_str(), flags | creation, 0666); }));
    return file_.is_open();
  };
  removed_at_last_.emplace(AT_FDCWD, path_.string());
  made_ = open_with(O_CREAT | O_EXCL);
  if (made_) return true;
  removed_at_last_.reset();
  if (errno != EEXIST) return false;
  return open_with(O_CREAT);
}

void FolderLock::lock(const std::filesystem::path& folder, Notes& notes) {
  locked_ = through_signals([&] { return file_system().lock(file_.number(), LOCK_EX | LOCK_NB); }) == 0;
  if (locked_) {
    if (!removed_at_last_) removed_at_last_.emplace(AT_FDCWD, path_.string());
    return;
  }
  if (errno == EWOULDBLOCK) {
    made_ = false;  // whoever has the lock has the file
    removed_at_last_.reset();
    throw usage_error({.setting = "output folder",
                       .file = folder.string(),
                       .problem = "another run is writing into this folder" + owner_of(file_.number()),
                       .hint = "wait for it, or choose another folder"});
  }
  if (!are_unknown_here(errno)) throw no_lock(path_, errno);
  notes.warn(printable(folder.string()) +
             ": the file system has no locks: nothing keeps a second run out of the folder");
}

void FolderLock::tell_owner() {
  const std::string owner = std::to_string(::getpid()) + ' ' + host_name() + '\n';
  int error = through_signals([&] { return file_system().truncate(file_.number(), 0); }) == 0 ? 0 : errno;
  if (error == 0)
    error = write_fully(file_.number(), {reinterpret_cast<const std::uint8_t*>(owner.data()), owner.size()});
  if (error != 0) throw no_lock(path_, error);
}

/// Not where another run has the folder by now, and not what was there and may be locked from elsewhere.
void FolderLock::remove() noexcept {
  if (file_.is_open() && (locked_ || made_) && is_named(file_.number(), path_))
    file_system().unlink(AT_FDCWD, path_.c_str());
}

}  // namespace nib
