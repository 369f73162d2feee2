#include "logs/log_folder.h"

#include <cerrno>

#include "base/error.h"

namespace nib {

LogFolder::LogFolder(const std::filesystem::path& path) : path_(path) {
  const int error = made_.make(path);
  std::error_code ignored;
  if (error == 0 || (error == EEXIST && std::filesystem::is_directory(path, ignored))) return;
  if (error == EEXIST)
    throw usage_error({.setting = tensorboard_setting, .file = path.string(), .problem = "exists and is not a folder"});
  throw io_error({.setting = tensorboard_setting,
                  .file = path.string(),
                  .problem = "cannot make the folder: " + system_message(error)});
}

LogFolder::~LogFolder() { made_.take_back(); }

}  // namespace nib
