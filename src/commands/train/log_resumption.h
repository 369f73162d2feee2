#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/notes.h"
#include "commands/train/train_options.h"
#include "logs/logs_record.h"
#include "runs/checkpoint_files.h"

namespace nib {

/// The logs with the paths of those that lie in the run's folder told from there: so it can be moved with them.
LogsRecord told_from(const std::filesystem::path& folder, LogsRecord logs);

/// The logs of now, with those that were left as they are (RunLogOptions::left) in the places of logs that are not kept
/// now.
std::optional<LogsRecord> beside_left(std::optional<LogsRecord> now, const std::optional<LogsRecord>& left);

/// Puts the places of the run's logs into the options, but for those that were given. In the checkpoint stay the logs
/// that the run can go on in, by paths that hold from here; none where it goes on in another folder than its own, or
/// shall leave them as they are: then they are in RunLogOptions::left. Those of a copy of a run that lie elsewhere are
/// the run's: they stay as they are, which is told.
void take_logs(TrainOptions& options, FoundCheckpoint& found, const std::vector<std::string>& given, Notes& notes);

}  // namespace nib
