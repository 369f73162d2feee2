#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <limits>
#include <system_error>

#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/file_system.h"
#include "base/new_file.h"
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

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A regular file of at most `limit` bytes, open for reading.
class InputFile {
 public:
  InputFile(const std::filesystem::path& path, std::uint64_t limit)
      // Without O_NONBLOCK a FIFO would hold the program up before its kind can be looked at.
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    struct stat status = {};
    if (!file_.is_open() || ::fstat(file_.number(), &status) != 0) throw io_failure(path, "cannot open", errno);
    if (!S_ISREG(status.st_mode))
      throw input_error({.file = path.string(),
                         .problem = "not a regular file",
                         .expected = "a regular file",
                         .got = kind_of(status.st_mode)});
    size_ = static_cast<std::uint64_t>(status.st_size);
    if (size_ > limit)
      throw input_error({.file = path.string(),
                         .problem = "file too large",
                         .expected = "at most " + in_bytes(limit),
                         .got = in_bytes(size_)});
  }

  std::uint64_t size() const { return size_; }

  void skip(std::uint64_t bytes) const {
    if (::lseek(file_.number(), static_cast<off_t>(bytes), SEEK_SET) < 0) throw io_failure(path_, "cannot read", errno);
  }

  /// At least one of the bytes that follow the first `done`, into the beginning of `bytes`, which is not empty.
  std::size_t read(std::span<std::uint8_t> bytes, std::uint64_t done) const {
    ssize_t count = 0;
    do count = ::read(file_.number(), bytes.data(), bytes.size());
    while (count < 0 && errno == EINTR);
    if (count < 0) throw io_failure(path_, "cannot read", errno);
    if (count == 0)
      throw io_error({.file = path_.string(),
                      .problem = "file became shorter while it was read",
                      .expected = in_bytes(size_),
                      .got = in_bytes(done)});
    return static_cast<std::size_t>(count);
  }

 private:
  const std::filesystem::path& path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const InputFile file(path, limit);
  std::vector<std::uint8_t> bytes(file.size());
  for (std::size_t done = 0; done < bytes.size();) done += file.read(std::span(bytes).subspan(done), done);
  return bytes;
}

void read_in_pieces(const std::filesystem::path& path, std::uint64_t limit,
                    const std::function<void(std::span<const std::uint8_t>)>& take) {
  const InputFile file(path, limit);
  std::vector<std::uint8_t> piece(std::min<std::uint64_t>(file.size(), std::uint64_t{1} << 20));
  for (std::uint64_t done = 0; done < file.size();) {
    const std::size_t wanted = std::min<std::uint64_t>(piece.size(), file.size() - done);
    const std::size_t count = file.read(std::span(piece).first(wanted), done);
    take(std::span(piece).first(count));
    done += count;
  }
}

namespace {

std::vector<std::uint8_t> some_of(const std::filesystem::path& path, std::size_t wanted, bool at_end) noexcept {
  try {
    const InputFile file(path, std::numeric_limits<std::uint64_t>::max());
    std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(wanted, file.size()));
    if (at_end) file.skip(file.size() - bytes.size());
    for (std::size_t done = 0; done < bytes.size();) done += file.read(std::span(bytes).subspan(done), done);
    return bytes;
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

std::vector<std::uint8_t> beginning_of(const std::filesystem::path& path, std::size_t wanted) noexcept {
  return some_of(path, wanted, false);
}

std::vector<std::uint8_t> end_of(const std::filesystem::path& path, std::size_t wanted) noexcept {
  return some_of(path, wanted, true);
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                           const std::function<void()>& named) {
  struct stat old = {};
  const bool exists = ::lstat(path.c_str(), &old) == 0, replaces = exists && S_ISREG(old.st_mode);
  if (exists && !replaces && !S_ISLNK(old.st_mode))
    throw io_error({.file = path.string(), .problem = std::string("cannot replace ") + kind_of(old.st_mode)});
  if (path.filename().empty()) throw io_failure(path, "cannot write", EISDIR);

  const std::string name = path.filename().string();
  // Who may not read the old file may not read the new one, even where its mode cannot be set.
  TemporaryFile file(path.parent_path(), name, path, replaces ? old.st_mode & 0777 : 0666);
  if (replaces) file.set_mode(old.st_mode & 07777);
  file.write(bytes);
  file.sync_and_close();
  file.rename_to(name);
  named();
  file.sync_name();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  write_file_atomically(path, bytes_of(text));
}

void write_output_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes, bool force) {
  if (force) return write_file_atomically(path, bytes);
  if (!write_new_file(path, bytes))
    throw usage_error({.file = path.string(), .problem = "the file exists", .hint = setting("force") + " replaces it"});
}

void write_output_file(const std::filesystem::path& path, std::string_view text, bool force) {
  write_output_file(path, bytes_of(text), force);
}

void probe_writable(const std::filesystem::path& folder, std::uint64_t bytes) {
  TemporaryFile(folder, "probe", folder).sync_and_close();
  struct statvfs space = {};
  const bool known = through_signals([&] { return file_system().space(folder.c_str(), space); }) == 0;
  if (!known && errno != ENOSYS) throw io_failure(folder, "cannot ask for its free space", errno);
  if (!known || space.f_blocks == 0) return;  // of 0 of 0 blocks: it does not count them
  const std::uint64_t available = std::uint64_t{space.f_bavail} * space.f_frsize;
  if (available < bytes)
    throw io_error({.file = folder.string(),
                    .problem = "not enough free space",
                    .expected = in_bytes(bytes),
                    .got = in_bytes(available)});
}

void sweep_stale_temporaries(const std::filesystem::path& folder) noexcept {
  FileSystem& files = file_system();
  try {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (!is_temporary_name(entry.path().filename().string()) ||
          !std::filesystem::is_regular_file(entry.symlink_status()))
        continue;
      constexpr int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
      const FileDescriptor file(files.open(AT_FDCWD, entry.path().c_str(), flags, 0));
      const bool free = file.is_open() && files.lock(file.number(), LOCK_EX | LOCK_NB) == 0;
      if (free && is_named(file.number(), entry.path())) files.unlink(AT_FDCWD, entry.path().c_str());
    }
  } catch (...) {
    // Sweeping is a courtesy: a folder that cannot be listed is reported by whoever needs it.
  }
}

bool is_named(int file, const std::filesystem::path& path) noexcept {
  struct stat open_file = {}, named_file = {};
  return ::fstat(file, &open_file) == 0 && ::lstat(path.c_str(), &named_file) == 0 &&
         open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

}  // namespace nib
