#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/checkpoint.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "runs/run_record.h"

namespace nib {

/// A training run between two of its steps: all that it takes to go on in the bits of a run that never stopped. Nothing
/// random is among it but the seed: every draw is a function of the seed and of where the run stands.
struct Checkpoint {
  WeightsFile model;      ///< the network and what the weights' file tells of its data; its parameters are the state's
  TrainingState state{};  ///< with the moments of the optimizer that record.configuration tells
  TrainingPosition position{};
  RunRecord record{};  ///< program, machine, engine, configuration, data and stops of the run
};

/// The bytes of its file; `file` is named in errors. Throws Error (numeric) where a number of the state is not finite.
std::vector<std::uint8_t> checkpoint_bytes(const Checkpoint& checkpoint, const std::string& file);

/// What stands in a file that read_checkpoint() gave. Throws Error (bad input) naming file and field.
Checkpoint run_checkpoint(CheckpointFile file, const std::string& source);

}  // namespace nib
