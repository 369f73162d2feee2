#pragma once

#include <filesystem>
#include <string>

namespace nib {

/// A folder for logs, which may be there. One that was made here is removed again in the end if it is still empty.
class LogFolder {
 public:
  /// Makes the last folder of the path where it is missing. Throws Error naming `option`, in which the user named it.
  LogFolder(const std::filesystem::path& path, const std::string& option);
  ~LogFolder();
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool made_ = false;
};

}  // namespace nib
