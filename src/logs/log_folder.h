#pragma once

#include <filesystem>

#include "base/made_folders.h"

namespace nib {

/// The setting of their place, by which errors call it.
inline constexpr const char* tensorboard_setting = "tensorboard";

/// A folder for TensorBoard's logs, which may be there. What was made here is removed again in the end if it is still
/// empty.
class LogFolder {
 public:
  /// Makes it, with the folders above it, where it is missing. Throws Error.
  explicit LogFolder(const std::filesystem::path& path);
  ~LogFolder();
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  MadeFolders made_;
};

}  // namespace nib
