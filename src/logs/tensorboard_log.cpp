#include "logs/tensorboard_log.h"

namespace nib {
namespace {

/// "folder/" as "folder".
std::filesystem::path without_last_slash(const std::filesystem::path& path) {
  return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

}  // namespace

TensorBoardLog::TensorBoardLog(const std::filesystem::path& folder)
    : folder_(without_last_slash(folder)),
      continues_another_(has_event_files(folder_.path() / "train")),
      train_(folder_.path() / "train", 0),
      validation_(folder_.path() / "validation", 1),
      test_(folder_.path() / "test", 2) {}

const LogFile* TensorBoardLog::lost_file() const {
  for (const EventFile* events : {&train_, &validation_, &test_})
    if (events->file().lost() != 0) return &events->file();
  return nullptr;
}

}  // namespace nib
