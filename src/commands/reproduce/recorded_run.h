#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "runs/run_files.h"

namespace nib {

/// A checkpoint in the folder of a run: where the run stood, see TrainingPosition.
struct KeptCheckpoint {
  std::filesystem::path file;
  std::uint32_t epoch = 0;
  std::uint64_t step = 0;
};

/// A finished run that is to be trained again, with what its folder holds.
struct RecordedRun {
  RunFiles files;
  std::string path;                 ///< of its record
  std::string record_sha256;        ///< that stands in the record; of one without, that of its file
  bool sealed = false;              ///< the record has its own hash
  bool is_by_this_program = false;  ///< the very program that runs now made it
  /// The record was changed, and nothing that could be asked by now tells where: training it again may.
  std::optional<Error> broken_seal{};
  std::vector<KeptCheckpoint> checkpoints{};
  std::vector<std::string> missing{};  ///< files of weights that a run leaves, and this one has no more

  const RunRecord& record() const { return files.record; }
  /// Whether the record has the hashes of any epoch's weights.
  bool tells_epochs() const;
};

/// Reads a run and holds everything in its folder against everything else: record, tables, weights, and what each
/// checkpoint tells of the run, which is a copy of the record from then. Throws Error: io, or bad input naming file and
/// field of what contradicts the rest.
RecordedRun open_recorded_run(const std::filesystem::path& folder_or_record);

/// Throws Error (bad input) with the reason where training again need not give the same weights.
void check_repeatable(const RecordedRun& run);

}  // namespace nib
