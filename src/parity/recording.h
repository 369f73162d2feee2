#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nib/network.h"
#include "nib/parameters.h"

namespace nib {

// The files of a recording's folder, see docs/parity.md.
inline constexpr const char* recording_file = "recording.json";
inline constexpr const char* recorded_start_file = "initial.safetensors";
inline constexpr const char* recorded_end_file = "final.safetensors";

/// Some steps of a training that another program did, with all that it takes to do them again: by Adam as Keras has it,
/// without dropout.
struct Recording {
  std::string document{};  ///< the file of what follows, which errors name
  std::string peer;        ///< who trained: "Keras 3.15.1 on TensorFlow 2.21.0, float64"
  std::string data;        ///< a known set, or a folder
  Network network;
  std::uint32_t batch = 0;
  std::vector<std::uint32_t> order;    ///< indices into the training images, `batch` a step
  std::vector<double> learning_rates;  ///< one a step
  double label_smoothing = 0;          ///< of the loss
  std::vector<double> losses;          ///< of each step: the mean over its images, before its update
  Parameters initial, final;           ///< before the first step, behind the last one
};

/// Reads a folder whole and checks everything that it says, but for what needs the images. Throws Error: io, or bad
/// input naming file and field.
Recording read_recording(const std::filesystem::path& folder);

/// The folder of the recording that comes with the program. Throws Error (bad input) naming every place looked in.
std::filesystem::path bundled_recording();

}  // namespace nib
