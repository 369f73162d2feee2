#include "formats/weights_formats.h"

#include <algorithm>
#include <array>

#include "formats/c_header.h"
#include "formats/keras/keras.h"
#include "formats/npz_weights.h"
#include "formats/onnx/onnx_weights.h"
#include "formats/safetensors_weights.h"

namespace nib {
namespace {

template <KerasKind kind>
bool is_keras(std::span<const std::uint8_t> bytes) {
  return looks_like_keras(bytes) && keras_kind(bytes) == kind;
}

template <KerasKind kind>
std::vector<std::uint8_t> keras_file_bytes(const WeightsFile& model, const std::string& file) {
  return keras_bytes(kind, model, file);
}

/// Safetensors comes first: the length in front of its header can look like any other format's first bytes.
constexpr std::array formats = {
    WeightsFormat{.name = "safetensors",
                  .ending = ".safetensors",
                  .words = "a safetensors file",
                  .recognises = is_safetensors,
                  .read = parse_safetensors_weights,
                  .write = safetensors_weights_bytes},
    WeightsFormat{.name = "keras",
                  .ending = ".keras",
                  .words = "a Keras model",
                  .recognises = is_keras<KerasKind::archive>,
                  .read = read_keras,
                  .keeps_training = true,
                  .write = keras_file_bytes<KerasKind::archive>},
    WeightsFormat{.name = "weights.h5",
                  .ending = ".weights.h5",
                  .words = "a file of Keras weights",
                  .recognises = is_keras<KerasKind::weights>,
                  .read = read_keras,
                  .keeps_training = true,
                  .write = keras_file_bytes<KerasKind::weights>},
    WeightsFormat{.name = "h5",
                  .ending = ".h5",
                  .words = "a Keras model as HDF5",
                  .recognises = is_keras<KerasKind::legacy>,
                  .read = read_keras,
                  .keeps_training = true,
                  .write = keras_file_bytes<KerasKind::legacy>},
    WeightsFormat{.name = "npz",
                  .ending = ".npz",
                  .words = "a NumPy archive",
                  .recognises = is_npz,
                  .read = parse_npz_weights,
                  .write = npz_weights_bytes},
    WeightsFormat{.name = "onnx",
                  .ending = ".onnx",
                  .words = "an ONNX model",
                  .recognises = is_onnx,
                  .read = parse_onnx_weights,
                  .write = onnx_weights_bytes},
    WeightsFormat{.name = "c", .ending = ".h", .words = "a C header", .write = c_header_bytes},
};

}  // namespace

std::span<const WeightsFormat> weights_formats() { return formats; }

const WeightsFormat& recognise_weights(std::span<const std::uint8_t> bytes) {
  const auto* const found = std::ranges::find_if(
      formats, [&](const WeightsFormat& format) { return format.recognises != nullptr && format.recognises(bytes); });
  return found == formats.end() ? formats.front() : *found;
}

const WeightsFormat* find_weights_format(std::string_view name) {
  const auto* const found = std::ranges::find(formats, name, &WeightsFormat::name);
  return found == formats.end() ? nullptr : found;
}

const WeightsFormat* weights_format_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const WeightsFormat* best = nullptr;
  for (const WeightsFormat& format : formats)
    if (name.ends_with(format.ending) && (best == nullptr || format.ending.size() > best->ending.size()))
      best = &format;
  return best;
}

std::vector<std::uint8_t> weights_bytes(const WeightsFormat& format, const WeightsFile& model,
                                        const std::string& file) {
  check_writable(model.network, model.parameters, file);
  return format.write(model, file);
}

WeightsFile parse_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                          const WeightsOptions& options) {
  const WeightsFormat& format = recognise_weights(bytes);
  WeightsFile file = format.read(bytes, source, options);
  file.format = format.name;
  return file;
}

}  // namespace nib
