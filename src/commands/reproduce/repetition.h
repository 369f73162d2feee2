#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "commands/reproduce/recorded_run.h"
#include "commands/train/train_options.h"
#include "inference/device.h"
#include "runs/record_differences.h"

namespace nib {

/// How a run is to be trained again. Places that are empty are those that the record names.
struct RepetitionRequest {
  std::string data{}, validation_data{}, weights{};
  std::vector<std::uint32_t> epochs{};  ///< to be held against the record, ascending; empty: all, and the test
  DeviceChoice device{};                ///< its name, or "auto" for the kind that the run was made on; its threads
};

/// What came of it.
struct Repetition {
  RunRecord again{};                     ///< as a record would tell it; of what was not trained it holds nothing
  bool whole = false;                    ///< all epochs, and the test where the run has one
  std::vector<std::uint32_t> epochs{};   ///< whose weights and figures were held against the record and are the same
  std::vector<std::string> notes{};      ///< what a reader should know, a line each
  std::optional<Difference> difference;  ///< the first one from the record: with one, the run was not reproduced
};

/// Trains the run again, from its record alone, and holds each epoch against it; ends at the first difference. Nothing
/// where a signal asked for a stop. Throws Error: bad input for data, start weights or settings that are not to be had
/// as the record has them, device for another kind of device than the run's.
std::optional<Repetition> repeat(const RecordedRun& run, const RepetitionRequest& request, Streams& streams);

/// Of the files of its own validation set; none where the record has none.
std::vector<std::string> hashes_of_validation(const RunRecord& record);

/// The options that the run was trained with, as its record tells them, on this machine. Throws Error as above.
TrainOptions options_of(const RecordedRun& run, const RepetitionRequest& request, Notes& notes);

}  // namespace nib
