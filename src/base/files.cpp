#include "base/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>

#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/temporary_file.h"
#include "base/text.h"

namespace nib {
namespace {

Error io_failure(const std::filesystem::path& path, const std::string& problem, int error_number) {
  return io_error({.file = path.string(), .problem = problem + ": " + system_message(error_number)});
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

std::string in_bytes(std::uint64_t count) { return with_commas(count) + " bytes"; }

/// The file that a chain of symbolic links ends at, whether or not it exists.
std::filesystem::path behind_links(std::filesystem::path path) {
  constexpr int most_links = 40;  // as the kernel counts
  const std::filesystem::path first = path;
  std::error_code ignored;
  for (int link = 0; link < most_links; ++link) {
    if (!std::filesystem::is_symlink(path, ignored)) return path;
    path = path.parent_path() / std::filesystem::read_symlink(path);
  }
  throw io_failure(first, "cannot follow its links", ELOOP);
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  // Without O_NONBLOCK a FIFO would hold the program up before its kind can be looked at.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status = {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) throw io_failure(path, "cannot open", errno);
  if (!S_ISREG(status.st_mode))
    throw input_error({.file = path.string(),
                       .problem = "not a regular file",
                       .expected = "a regular file",
                       .got = kind_of(status.st_mode)});
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit)
    throw input_error({.file = path.string(),
                       .problem = "file too large",
                       .expected = "at most " + in_bytes(limit),
                       .got = in_bytes(size)});

  std::vector<std::uint8_t> bytes(size);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::read(file.number(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw io_failure(path, "cannot read", errno);
    if (count == 0)
      throw io_error({.file = path.string(),
                      .problem = "file became shorter while it was read",
                      .expected = in_bytes(size),
                      .got = in_bytes(done)});
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  const std::filesystem::path target = behind_links(path);
  struct stat old = {};
  const bool replaces = ::stat(target.c_str(), &old) == 0;
  if (replaces && !S_ISREG(old.st_mode))
    throw io_error({.file = path.string(), .problem = std::string("cannot replace ") + kind_of(old.st_mode)});
  if (target.filename().empty()) throw io_failure(path, "cannot write", EISDIR);

  const std::string name = target.filename().string();
  TemporaryFile file(target.parent_path(), name, path);
  if (replaces) file.set_mode(old.st_mode & 07777);
  file.write(bytes);
  file.sync_and_close();
  file.rename_to(name);
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  write_file_atomically(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void probe_writable(const std::filesystem::path& folder, std::uint64_t bytes) {
  TemporaryFile(folder, "probe", folder).sync_and_close();
  struct statvfs space = {};
  if (::statvfs(folder.c_str(), &space) != 0) throw io_failure(folder, "cannot ask for its free space", errno);
  const std::uint64_t available = std::uint64_t{space.f_bavail} * space.f_frsize;
  if (available < bytes)
    throw io_error({.file = folder.string(),
                    .problem = "not enough free space",
                    .expected = in_bytes(bytes),
                    .got = in_bytes(available)});
}

void sweep_stale_temporaries(const std::filesystem::path& folder) noexcept {
  constexpr std::time_t old_enough = 3600;
  try {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const int owner = temporary_file_owner(entry.path().filename().string());
      const bool owner_is_gone = owner != 0 && ::kill(owner, 0) != 0 && errno == ESRCH;
      struct stat status = {};
      if (!owner_is_gone || ::lstat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      if (std::time(nullptr) - status.st_mtime > old_enough) ::unlink(entry.path().c_str());
    }
  } catch (...) {
    // Sweeping is a courtesy: a folder that cannot be listed is reported by whoever needs it.
  }
}

}  // namespace nib
