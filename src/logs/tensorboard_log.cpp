#include "logs/tensorboard_log.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/file_system.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> parts = {"train", "validation", "test"};

/// "folder/" as "folder".
fs::path without_last_slash(const fs::path& path) {
  return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

/// The second in the name of an event file of one of the parts. Positions come with a run that may be anyone's: nothing
/// but an event file is ever cut.
std::uint64_t second_of(const fs::path& file) {
  const std::optional<std::uint64_t> second = second_of_event_file(file.filename().string());
  if (!second || std::ranges::find(parts, file.parent_path().string()) == parts.end())
    throw usage_error({.setting = tensorboard_setting, .file = file.string(), .problem = "is no event file"});
  return *second;
}

std::uint64_t last_second(const std::vector<LogPosition>& files) {
  std::uint64_t last = 0;
  for (const LogPosition& file : files) last = std::max(last, second_of(file.path));
  return last;
}

}  // namespace

TensorBoardLog::TensorBoardLog(const fs::path& folder, const std::vector<LogPosition>& before)
    : folder_(without_last_slash(folder)),
      continues_another_(before.empty() && has_event_files(folder_.path() / parts[0])),
      train_(folder_.path() / parts[0], 0, last_second(before)),
      validation_(folder_.path() / parts[1], 1, last_second(before)),
      test_(folder_.path() / parts[2], 2, last_second(before)) {
  for (LogPosition file : before) {
    file.path = (folder_.path() / file.path).string();
    std::error_code ignored;
    if (fs::exists(file.path, ignored))
      before_.push_back(LogFile::go_on(file, tensorboard_setting));
    else
      lacks_files_ = lacks_files_ || file.bytes > 0;
  }
}

void TensorBoardLog::cut() {
  for (LogFile& file : before_) {
    file.cut();
    if (file.is_empty()) file_system().unlink(AT_FDCWD, file.path().c_str());
  }
}

std::string TensorBoardLog::folder() const {
  std::error_code moved_away;
  const fs::path full = fs::canonical(folder_.path(), moved_away);
  return (moved_away ? folder_.path() : full).string();
}

std::vector<const LogFile*> TensorBoardLog::all_files() const {
  std::vector<const LogFile*> files;
  for (const LogFile& file : before_) files.push_back(&file);
  for (const EventFile* events : {&train_, &validation_, &test_}) files.push_back(&events->file());
  return files;
}

std::optional<std::vector<LogPosition>> TensorBoardLog::positions() const {
  std::vector<LogPosition> positions;
  for (const LogFile* const file : all_files()) {
    std::optional<LogPosition> position = file->position();
    if (!position) return std::nullopt;
    position->path = file->path().lexically_relative(folder_.path()).string();
    positions.push_back(std::move(*position));
  }
  return positions;
}

void TensorBoardLog::sync() noexcept {
  for (EventFile* events : {&train_, &validation_, &test_})
    if (!events->file().is_empty()) events->file().sync();
}

const LogFile* TensorBoardLog::lost_file() const {
  for (const LogFile* const file : all_files())
    if (file->lost() != 0) return file;
  return nullptr;
}

}  // namespace nib
