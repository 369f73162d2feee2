#pragma once

#include <filesystem>

#include "logs/event_file.h"
#include "logs/log_folder.h"

namespace nib {

/// A log for TensorBoard (docs/formats.md, "TensorBoard"): event files in the sub-folders `train`, `validation` and
/// `test` of a folder, each of which TensorBoard shows as a run. Never throws once it is open.
class TensorBoardLog {
 public:
  /// Makes what is missing of the folder (the last of its path) and its sub-folders, and a file in each; what stays
  /// without an event is removed in the end. Throws Error.
  explicit TensorBoardLog(const std::filesystem::path& folder);

  EventFile& train() { return train_; }
  EventFile& validation() { return validation_; }
  EventFile& test() { return test_; }

  /// Whether `train` held events of another run before: TensorBoard draws both as one.
  bool continues_another() const { return continues_another_; }
  /// The first of the files of which a write failed, or null.
  const LogFile* lost_file() const;

 private:
  LogFolder folder_;
  bool continues_another_;
  EventFile train_, validation_, test_;
};

}  // namespace nib
