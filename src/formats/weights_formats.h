#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/weights.h"

namespace nib {

/// A format of weights files: a row of the one table that all commands look into.
///
/// To add one: write its reader, its writer or both in a file of its own (src/formats/NAME.cpp, or a folder
/// src/formats/NAME/ where it takes several), then add a row to the table in weights_formats.cpp and to that of
/// docs/weights.md. Nothing else knows which formats there are: by read_weights() every command takes what a row can
/// read, and `nib convert` makes what a row can write.
struct WeightsFormat {
  std::string_view name;    ///< what `nib convert --to` takes: "npz"
  std::string_view ending;  ///< of its files' names, with its dot: ".weights.h5"
  std::string_view words;   ///< "a NumPy archive"

  /// Whether the bytes of a whole file are of this format, by the first of them. Null for what cannot be read.
  bool (*recognises)(std::span<const std::uint8_t> bytes) = nullptr;
  /// The network with its parameters in the canonical layout, each named in the network's way. Whatever the file does
  /// not say comes from the options. Throws Error (bad input) naming `source` and the tensor or field.
  WeightsFile (*read)(std::span<const std::uint8_t> bytes, const std::string& source,
                      const WeightsOptions& options) = nullptr;
  /// Whether it keeps where a training stands, next to the weights.
  bool keeps_training = false;
  /// The bytes of a file; the same for the same weights. Parameters have been checked: they are those of the network,
  /// and finite. Null for what cannot be written. Throws Error (bad input) naming `file` and the layer for a network
  /// that the format cannot hold.
  std::vector<std::uint8_t> (*write)(const WeightsFile& model, const std::string& file) = nullptr;
};

std::span<const WeightsFormat> weights_formats();

/// The format that a file's bytes are of; safetensors, whose reader says what they are, where no other fits.
const WeightsFormat& recognise_weights(std::span<const std::uint8_t> bytes);

/// The format of that name, or the one that a file's name ends in (the longest ending counts); null where there is
/// none.
const WeightsFormat* find_weights_format(std::string_view name);
const WeightsFormat* weights_format_of(const std::filesystem::path& path);

/// The bytes of a file of that format, which can be written. Refuses parameters that are not finite: Error (numeric),
/// naming `file`.
std::vector<std::uint8_t> weights_bytes(const WeightsFormat& format, const WeightsFile& model, const std::string& file);

}  // namespace nib
