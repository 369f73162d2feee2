#include "base/new_file.h"

#include <fcntl.h>

#include <cerrno>
#include <string>

#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/file_system.h"
#include "base/temporary_file.h"
#include "base/text.h"

namespace nib {
namespace {

/// What file systems say of a call that they do not know.
bool is_unknown(int error) {
  return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM || error == EMLINK;
}

int result_of(int result) { return result == 0 ? 0 : errno; }

/// Takes the name with an empty file of its own, which the finished one then replaces.
int replace_own_file(int folder, const char* from, const char* to) noexcept {
  FileSystem& files = file_system();
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const FileDescriptor own(through_signals([&] { return files.open(folder, to, flags, 0666); }));
  if (!own.is_open()) return errno;
  const int error = result_of(through_signals([&] { return files.rename(folder, from, to); }));
  if (error != 0) files.unlink(folder, to);
  return error;
}

}  // namespace

int finish_new_file(int folder, const char* from, const char* to) noexcept {
  FileSystem& files = file_system();
  int error = result_of(through_signals([&] { return files.rename_new(folder, from, to); }));
  if (!is_unknown(error)) return error;
  error = result_of(through_signals([&] { return files.link(folder, from, to); }));
  if (is_unknown(error)) return replace_own_file(folder, from, to);
  if (error == 0) files.unlink(folder, from);  // it has its name, whatever becomes of the other one
  return error;
}

bool write_new_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  if (path.filename().empty())
    throw io_error({.file = path.string(), .problem = "cannot write: " + system_message(EISDIR)});
  const std::string name = path.filename().string();
  TemporaryFile file(path.parent_path(), name, path);
  file.write(bytes);
  file.sync_and_close();
  if (!file.rename_to_free(name)) return false;
  file.sync_name();
  return true;
}

}  // namespace nib
