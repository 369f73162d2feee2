#pragma once

#include <filesystem>

namespace nib {

/// The setting of their place, by which errors call it.
inline constexpr const char* tensorboard_setting = "tensorboard";

/// A folder for TensorBoard's logs, which may be there. One that was made here is removed again in the end if it is
/// still empty.
class LogFolder {
 public:
  /// Makes the last folder of the path where it is missing. Throws Error.
  explicit LogFolder(const std::filesystem::path& path);
  ~LogFolder();
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool made_ = false;
};

}  // namespace nib
