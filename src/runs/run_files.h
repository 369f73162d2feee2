#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "nib/network.h"
#include "nib/parameters.h"
#include "runs/run_record.h"
#include "statistics/predictions.h"

namespace nib {

/// A finished training run, read back from its folder.
struct RunFiles {
  std::filesystem::path folder;
  RunRecord record;         ///< run.json; its test is there unless its data have no test part
  Network network;          ///< of the record's configuration
  Predictions predictions;  ///< test_predictions.csv; empty without a test
};

/// Reads run.json and test_predictions.csv of a run; `folder_or_record` is its folder or the run.json in it. What is
/// read may come from anyone: sizes are limited, the record has every key of the table in docs/formats.md that a
/// finished run's has with values of the right kind, and its figures, the predictions, and history.csv and history.json
/// where they are there, agree with each other and with the hashes in the record. Throws Error: io for what cannot be
/// read, bad input naming file and key or line, also for a run that is not finished.
RunFiles read_run(const std::filesystem::path& folder_or_record);

/// The same for whom it is enough that the record's parts agree with each other: its own hash is left to the caller.
RunFiles read_unsealed_run(const std::filesystem::path& folder_or_record);

/// The run's model.safetensors; nothing where it is not there. Throws Error: io, or bad input for a file that is
/// damaged or holds other weights than the record has the hash of.
std::optional<Parameters> read_run_weights(const RunFiles& run);

/// The same of texts that are in memory: a run without folder and predictions, whose own hash is left aside, and then
/// these.
RunFiles parse_run(std::string_view record, const std::string& source);
Predictions parse_predictions(std::string_view table, const RunRecord& record, const std::string& source);

}  // namespace nib
