#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "base/last_acts.h"

namespace nib {

/// A new file `.NAME.PID-RANDOM.tmp` beside the one that it is going to be. It is removed again unless it is renamed,
/// and locked as long as it is open, by which sweep_stale_temporaries() knows it from one that a killed process left.
/// Every step throws Error (io) naming `path`.
class TemporaryFile {
 public:
  /// `path` is what errors name: the file to be made, or the folder for a probe. The umask holds for `mode`.
  TemporaryFile(std::filesystem::path folder, const std::string& name, std::filesystem::path path, mode_t mode = 0666);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// Best effort: some file systems know no modes, or not who may set them.
  void set_mode(mode_t mode) noexcept;
  void write(std::span<const std::uint8_t> bytes);
  /// Forces the bytes to the disk and closes the file.
  void sync_and_close();
  /// Gives the file its name, in place of what has it; a symbolic link is replaced itself.
  void rename_to(const std::string& name);
  /// The same where nothing has that name; else false.
  [[nodiscard]] bool rename_to_free(const std::string& name);
  /// Forces the name to the disk, see sync_folder().
  void sync_name();

 private:
  void create(const std::string& name, mode_t mode);
  void check(bool succeeded, const char* step) const;
  void forget_name() noexcept;

  std::filesystem::path path_;
  FileDescriptor folder_, file_;
  std::string temporary_name_;  // empty once renamed
  std::optional<RemovedAtLast> removed_at_last_;
};

/// A folder opened for the names in it; empty is the working directory. Throws Error (io) naming `path`.
FileDescriptor open_folder(std::filesystem::path folder, const std::filesystem::path& path);

/// Forces a folder's names to the disk: 0, or an errno. A file system that cannot do that for folders says so in many
/// ways (EINVAL, ENOSYS, ENOTSUP, EBADF, EACCES): there is nothing to be done about it, and the files themselves are
/// safe.
int sync_folder(int folder) noexcept;

/// `.NAME.PID-RANDOM.tmp`.
std::string temporary_name(const std::string& name);
/// Whether a file's name is one of these.
bool is_temporary_name(std::string_view file_name);

}  // namespace nib
