#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "encodings/json.h"
#include "formats/keras/network_config.h"
#include "formats/weights_metadata.h"
#include "hdf5/hdf5_file.h"

namespace nib::keras {

/// The parts of a .keras archive, and where its weights are.
inline constexpr const char* config_entry = "config.json";
inline constexpr const char* weights_entry = "model.weights.h5";
inline constexpr const char* metadata_entry = "metadata.json";

/// Where nib's own metadata are, in the arrays' file: in attributes of its root, which Keras passes over.
std::vector<Hdf5Texts> metadata_attributes(const WeightsFile& model);

bool is_archive(std::span<const std::uint8_t> bytes);

/// A file of Keras taken apart: its arrays, and what it says of the model.
struct KerasFile {
  Hdf5Content content;
  std::optional<Json> config{};  ///< of the model; none in a .weights.h5
  std::string config_name{};     ///< what errors call it: "FILE: config.json"
  std::string weights_name{};    ///< what errors call its arrays' file: "FILE: model.weights.h5", "FILE"
  Metadata metadata{};           ///< nib's own, in attributes of the arrays' file: in files that it wrote
  bool legacy = false;           ///< of the legacy .h5 layout
};

/// Throws Error (bad input) for what is no such file.
KerasFile open_keras_file(std::span<const std::uint8_t> bytes, const std::string& source);

}  // namespace nib::keras
