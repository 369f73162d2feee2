#include "base/links.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/error.h"
#include "base/file_system.h"
#include "base/last_acts.h"
#include "base/temporary_file.h"

namespace nib {
namespace {

/// Links cannot be locked, and so their folder is.
void sweep_links(int folder, const std::filesystem::path& path, const std::string& name) noexcept {
  if (file_system().lock(folder, LOCK_EX | LOCK_NB) != 0) return;
  try {
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      const std::string left = entry.path().filename().string();
      if (left.starts_with("." + name + ".") && left.ends_with(".tmp") && entry.is_symlink())
        file_system().unlink(folder, left.c_str());
    }
  } catch (...) {
    // A courtesy, as sweep_stale_temporaries() is.
  }
}

}  // namespace

std::filesystem::path behind_links(std::filesystem::path path) {
  constexpr int most_links = 40;  // as the kernel counts
  const std::filesystem::path first = path;
  std::error_code failed;
  for (int link = 0; link < most_links; ++link) {
    const std::filesystem::path target = std::filesystem::read_symlink(path, failed);
    if (failed) return path;
    path = path.parent_path() / target;
  }
  throw io_error({.file = first.string(), .problem = "cannot follow its links: " + system_message(ELOOP)});
}

bool point_link(const std::filesystem::path& folder, const std::string& name, const std::filesystem::path& target) {
  constexpr int most_tries = 3;  // the run that has the lock may sweep the link away before it has its name
  FileSystem& files = file_system();
  const FileDescriptor opened(
      through_signals([&] { return files.open(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); }));
  if (!opened.is_open()) return false;
  sweep_links(opened.number(), folder, name);
  for (int tries = 0; tries < most_tries; ++tries) {
    const std::string temporary = temporary_name(name);
    const RemovedAtLast removed_at_last(opened.number(), temporary);
    if (through_signals([&] { return files.symlink(target.c_str(), opened.number(), temporary.c_str()); }) != 0)
      return false;
    if (through_signals([&] { return files.rename(opened.number(), temporary.c_str(), name.c_str()); }) == 0)
      return sync_folder(opened.number()) == 0;
    const int error = errno;
    files.unlink(opened.number(), temporary.c_str());
    if (error != ENOENT) return false;
  }
  return false;
}

}  // namespace nib
