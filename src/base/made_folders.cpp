#include "base/made_folders.h"

#include <fcntl.h>

#include <cerrno>

#include "base/error.h"
#include "base/file_system.h"
#include "base/temporary_file.h"

namespace nib {
namespace {

/// 0, or an errno. A folder that may not be read cannot be synced either: see sync_folder().
int sync_names_in(std::filesystem::path folder) {
  if (folder.empty()) folder = ".";
  const FileDescriptor opened(through_signals(
      [&] { return file_system().open(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); }));
  if (!opened.is_open()) return errno == EACCES ? 0 : errno;
  return sync_folder(opened.number());
}

}  // namespace

int MadeFolders::make(const std::filesystem::path& folder) {
  const int error = make_with_parents(folder);
  if (error != 0) take_back();
  return error;
}

int MadeFolders::make_with_parents(const std::filesystem::path& folder) {
  constexpr int most_tries = 3;  // another run may take back the folder above, which it made and left empty
  const std::filesystem::path parent = folder.parent_path();
  int error = ENOENT;
  for (int tries = 0; error == ENOENT && tries < most_tries; ++tries) {
    if (through_signals([&] { return file_system().mkdir(folder.c_str(), 0777); }) == 0) {
      made_.push_back(folder);
      return sync_names_in(parent);
    }
    error = errno;
    if (error != ENOENT) return error;
    if (parent.empty() || parent == folder) return error;
    if (const int above = make_with_parents(parent); above != 0 && above != EEXIST) return above;
  }
  return error;
}

void MadeFolders::take_back() noexcept {
  for (; !made_.empty(); made_.pop_back()) file_system().rmdir(made_.back().c_str());
}

}  // namespace nib
