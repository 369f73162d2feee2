#include "base/new_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "base/error.h"
#include "base/file_system.h"
#include "base/files.h"
#include "base/temporary_file.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

void check(bool succeeded, const fs::path& path, const char* step) {
  if (succeeded) return;
  const int error_number = errno;
  throw io_error({.file = path.string(), .problem = std::string(step) + ": " + system_message(error_number)});
}

void move(const fs::path& from, const fs::path& to) {
  check(through_signals([&] { return file_system().rename(AT_FDCWD, from.c_str(), to.c_str()); }) == 0, to,
        "cannot rename");
}

/// What a name without a folder lies in.
fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

}  // namespace

NewFolder::NewFolder(const fs::path& path) : path_(path.has_filename() ? path : path.parent_path()) {
  if (const int error = above_.make(folder_of(path_)); error != 0 && error != EEXIST) {
    errno = error;
    check(false, folder_of(path_), "cannot make the folder");
  }
  sweep();
  while (!make_temporary()) {
  }
}

/// False where a sweep came between its making and its locking.
bool NewFolder::make_temporary() {
  temporary_ = folder_of(path_) / temporary_name(path_.filename().string());
  if (through_signals([&] { return file_system().mkdir(temporary_.c_str(), 0777); }) != 0) {
    const int error = errno;
    above_.take_back();
    errno = error;
    check(false, path_, "cannot make the folder");
  }
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  folder_ = FileDescriptor(through_signals([&] { return file_system().open(AT_FDCWD, temporary_.c_str(), flags, 0); }));
  if (!folder_.is_open()) {
    if (errno == ENOENT) return false;
    const int error = errno;
    file_system().rmdir(temporary_.c_str());
    above_.take_back();
    errno = error;
    check(false, path_, "cannot open the folder");
  }
  const int locked = through_signals([&] { return file_system().lock(folder_.number(), LOCK_EX | LOCK_NB); });
  return (locked == 0 || errno != EWOULDBLOCK) && is_named(folder_.number(), temporary_);
}

NewFolder::~NewFolder() {
  if (in_place_) return;
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
  above_.take_back();
}

void NewFolder::make_folder(const fs::path& name) {
  const fs::path path = temporary_ / name;
  check(through_signals([&] { return file_system().mkdir(path.c_str(), 0777); }) == 0, path_ / name,
        "cannot make the folder");
  has_folders_ = true;
}

void NewFolder::write(const fs::path& name, std::initializer_list<Bytes> pieces) const {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor file(through_signals([&] { return file_system().open(folder_.number(), name.c_str(), flags, 0666); }));
  check(file.is_open(), path_ / name, "cannot create the file");
  for (const Bytes bytes : pieces) {
    errno = write_fully(file.number(), bytes);
    check(errno == 0, path_ / name, "cannot write");
  }
  if (!has_folders_)
    check(through_signals([&] { return file_system().sync(file.number()); }) == 0, path_ / name,
          "cannot write to the disk");
  errno = file.close();
  check(errno == 0, path_ / name, "cannot close");
}

void NewFolder::sync() const {
  if (has_folders_)
    check(through_signals([&] { return file_system().sync_all(folder_.number()); }) == 0, path_,
          "cannot write to the disk");
  errno = sync_folder(folder_.number());
  check(errno == 0, path_, "cannot write to the disk");
}

void NewFolder::sync_place() {
  in_place_ = true;
  errno = sync_folder(open_folder(folder_of(path_), path_).number());
  check(errno == 0, path_, "saved, but its durability is unconfirmed");
}

bool NewFolder::put_in_free_place() {
  sync();
  return rename_to_free();
}

bool NewFolder::rename_to_free() {
  // A folder takes the place of an empty one alone.
  const int result = through_signals([&] { return file_system().rename(AT_FDCWD, temporary_.c_str(), path_.c_str()); });
  if (result != 0 && (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)) return false;
  check(result == 0, path_, "cannot rename");
  sync_place();
  return true;
}

/// The old folder has the temporary name now, and goes once it is sure that the new one is on the disk; what is left
/// where that is not sure, the next sweep removes.
void NewFolder::end_exchange() {
  sync_place();
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

/// In one step where the file system can exchange two names, or nothing is there; else in two.
void NewFolder::put_in_place() {
  sync();
  for (;;) {
    if (through_signals([&] { return file_system().exchange(AT_FDCWD, temporary_.c_str(), path_.c_str()); }) == 0)
      return end_exchange();
    if (errno != ENOENT) break;
    if (rename_to_free()) return;  // else something has come there in the meantime
  }
  std::error_code ignored;
  std::optional<fs::path> old;
  if (fs::exists(fs::symlink_status(path_, ignored))) {
    old = folder_of(path_) / temporary_name(path_.filename().string());
    move(path_, *old);
  }
  try {
    move(temporary_, path_);
  } catch (const Error&) {
    if (old) move(*old, path_);
    throw;
  }
  sync_place();
  if (old) fs::remove_all(*old, ignored);
}

/// A courtesy: what cannot be swept stays.
void NewFolder::sweep() const noexcept {
  try {
    const std::string begin = "." + path_.filename().string() + ".";
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_of(path_))) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(begin) || !is_temporary_name(name) || !fs::is_directory(entry.symlink_status())) continue;
      const FileDescriptor left(
          file_system().open(AT_FDCWD, entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
      if (left.is_open() && file_system().lock(left.number(), LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path());
    }
  } catch (...) {
  }
}

}  // namespace nib
