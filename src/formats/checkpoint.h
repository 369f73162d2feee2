#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/weights.h"
#include "nib/engine.h"

namespace nib {

/// A checkpoint: a weights file that also holds the optimizer's moments, and, as JSON, where the run stands. What reads
/// weights reads a checkpoint.
struct CheckpointFile {
  WeightsFile model;
  std::vector<Moment> moments;
  std::string run;  ///< nib.checkpoint, see runs/checkpoint.h
};

/// The name of a moment's tensor in a file: "adam.m.conv1.weight".
inline std::string moment_tensor_name(const std::string& moment, const std::string& tensor) {
  return moment + "." + tensor;
}

/// The bytes of the file, as weights_bytes() makes them. Refuses numbers that are not finite, likewise.
std::vector<std::uint8_t> checkpoint_bytes(const CheckpointFile& checkpoint, const std::string& file);

/// Reads a checkpoint whole and checks everything but what is in `run`. Throws Error (bad input) naming file and field,
/// also for a weights file that is none.
CheckpointFile read_checkpoint(const std::filesystem::path& path);
CheckpointFile parse_checkpoint(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib
