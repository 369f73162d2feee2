#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "logs/event_file.h"
#include "logs/log_folder.h"
#include "logs/logs_record.h"

namespace nib {

/// A log for TensorBoard (docs/formats.md, "TensorBoard"): event files in the sub-folders `train`, `validation` and
/// `test` of a folder, each of which TensorBoard shows as a run. Never throws once it is open.
class TensorBoardLog {
 public:
  /// Makes what is missing of the folder (the last of its path) and its sub-folders, and a file in each; what stays
  /// without an event is removed in the end. `before`: files of the same run in the folder, behind which it goes on,
  /// see LogFile::go_on(); of which nothing is to stay, it goes. Throws Error.
  explicit TensorBoardLog(const std::filesystem::path& folder, const std::vector<LogPosition>& before = {});

  /// Takes away what the files of before hold behind their positions. The new events come in files of their own: a
  /// TensorBoard that is reading would not look again at what it has read.
  void cut();

  EventFile& train() { return train_; }
  EventFile& validation() { return validation_; }
  EventFile& test() { return test_; }

  /// Whether `train` held events of another run before: TensorBoard draws both as one.
  bool continues_another() const { return continues_another_; }
  /// Whether files of before, with events, are not there any more.
  bool lacks_files() const { return lacks_files_; }
  /// The full path of the folder.
  std::string folder() const;
  /// All files of the run by their paths in the folder; nothing where something was lost.
  std::optional<std::vector<LogPosition>> positions() const;
  void sync() noexcept;
  /// The first of the files of which a write failed, or null.
  const LogFile* lost_file() const;

 private:
  std::vector<const LogFile*> all_files() const;

  LogFolder folder_;
  bool continues_another_, lacks_files_ = false;
  std::vector<LogFile> before_;
  EventFile train_, validation_, test_;
};

}  // namespace nib
