#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nib/network.h"
#include "nib/optimizer.h"
#include "nib/parameters.h"

namespace nib {

/// The weights in the folder of a run that finished.
inline constexpr const char* model_file = "model.safetensors";
/// The weights of its best epoch so far.
inline constexpr const char* best_file = "best.safetensors";

/// Where a training stands.
struct OptimizerState {
  Optimizer optimizer{};
  std::vector<Moment> moments{};  ///< moment_names(), in this order
  std::uint64_t step = 0;         ///< finished
  double learning_rate = 0;       ///< of the next one
};

struct WeightsFile {
  Network network;
  Parameters parameters;                 ///< canonical layout, finite unless allowed otherwise
  std::string data;                      ///< what it was trained on (nib.data), empty when the file does not say
  std::uint64_t limit = 0;               ///< the first images of it that were used (nib.limit); 0: all, or unknown
  std::vector<std::string> class_names;  ///< one a class (nib.classes), empty when the file does not say
  std::string score{};      ///< how far it can be trusted (nib.score), as the score room writes it; or empty
  bool ours = false;        ///< has nib's metadata
  bool checkpoint = false;  ///< of a training: formats/checkpoint.h reads the rest
  std::string format;       ///< of the file, by its name in weights_formats.h; empty for what is no file's
  std::string file;         ///< that open_model() took them from; empty for what is no file's
  std::optional<OptimizerState> training;  ///< in files of formats that keep it, where it was asked for
  std::vector<std::string> notes;          ///< one line each: converted from F16, extra tensors ignored ...
};

/// How Flatten counts the numbers of an image: channel, row, column, as PyTorch does (nib's own order), or row, column,
/// channel, as Keras does.
enum class FlattenOrder { channels_first, channels_last };

struct WeightsOptions {
  std::optional<Network> network{};  ///< asked for; must agree with the file's own. Without either: the digits network
  std::optional<FlattenOrder> flatten{};  ///< of a file that does not say
  bool allow_extra = false;
  bool allow_nonfinite = false;
  bool allow_fifo = false;  ///< for a path that the user typed: see read_file_or_fifo()
};

/// Reads a file of weights, of any format that can be read (see weights_formats.h), by its content; checks everything
/// before it returns anything. Throws Error (bad input) naming file and field.
WeightsFile read_weights(const std::filesystem::path& path, const WeightsOptions& options = {});

/// The same for a file that is in memory; `source` names it in errors.
WeightsFile parse_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                          const WeightsOptions& options = {});

/// The bytes of a weights file: parameters with nib's metadata (format, network, flatten=CHW, data, limit unless
/// 0, classes, nib.sha256). Refuses parameters that are not finite: Error (numeric), naming `file`. Class names are cut
/// or filled up (with numbers) to one a class.
std::vector<std::uint8_t> weights_bytes(const Network& network, const Parameters& parameters, const std::string& data,
                                        const std::vector<std::string>& class_names, const std::string& file,
                                        std::uint64_t limit = 0, const std::string& score = {});

/// Writes them, atomically.
void write_weights(const std::filesystem::path& path, const Network& network, const Parameters& parameters,
                   const std::string& data, const std::vector<std::string>& class_names, std::uint64_t limit = 0);

/// SHA-256 (hexadecimal) of the float32 little-endian numbers in network order, weight before bias, PyTorch layout.
std::string weights_sha256(const Parameters& parameters);

/// The same of the numbers up to each tensor's end: the first tensor in which two sets of weights differ is the first
/// where these do. The last one is weights_sha256().
std::vector<std::string> running_sha256(const Parameters& parameters);

}  // namespace nib
