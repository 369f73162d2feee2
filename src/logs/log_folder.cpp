#include "logs/log_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"

namespace nib {

LogFolder::LogFolder(const std::filesystem::path& path) : path_(path) {
  if (mkdir(path.c_str(), 0777) == 0) {
    made_ = true;
    return;
  }
  const int error = errno;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return;
  if (error == ENOENT)
    throw usage_error({.setting = tensorboard_setting,
                       .file = path.string(),
                       .problem = "the folder above it does not exist",
                       .hint = "nib makes the last folder of the path only"});
  if (error == EEXIST)
    throw usage_error({.setting = tensorboard_setting, .file = path.string(), .problem = "exists and is not a folder"});
  throw io_error({.setting = tensorboard_setting,
                  .file = path.string(),
                  .problem = "cannot make the folder: " + system_message(error)});
}

LogFolder::~LogFolder() {
  if (made_) rmdir(path_.c_str());  // succeeds only when it is empty
}

}  // namespace nib
