#pragma once

#include <filesystem>

#include "nib/network.h"
#include "runs/run_record.h"
#include "statistics/predictions.h"

namespace nib {

/// A finished training run, read back from its folder.
struct RunFiles {
  std::filesystem::path folder;
  RunRecord record;         ///< run.json; its test is there
  Network network;          ///< of the record's configuration
  Predictions predictions;  ///< test_predictions.csv
};

/// Reads run.json and test_predictions.csv of a run; `folder_or_record` is its folder or the run.json in it. What is
/// read may come from anyone: sizes are limited, the record has every key of the table in docs/formats.md that a
/// finished run's has with values of the right kind, and the predictions are as many as its test images. Throws Error:
/// io for what cannot be read, bad input naming file and key or line, also for a run that is not finished.
RunFiles read_run(const std::filesystem::path& folder_or_record);

}  // namespace nib
