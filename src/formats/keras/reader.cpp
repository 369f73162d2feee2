#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "formats/keras/arrays.h"
#include "formats/keras/files.h"
#include "formats/keras/keras.h"
#include "formats/keras/training_state.h"
#include "formats/metadata_keys.h"
#include "formats/weights_metadata.h"

namespace nib {
namespace {

keras::NamedNetwork network_of(const keras::KerasFile& file, const std::optional<Network>& asked,
                               const std::string& source) {
  if (!file.config) return {.network = choose_network(file.metadata, asked, file.weights_name), .layer_names = {}};
  keras::NamedNetwork named = [&] {
    try {
      return keras::read_model_config(JsonReader(*file.config, file.config_name));
    } catch (const Error& error) {
      Problem problem = error.problem();
      problem.file = file.config_name;
      throw Error(error.code(), std::move(problem));
    }
  }();
  if (asked && *asked != named.network)
    throw input_error({.file = source,
                       .field = "network",
                       .problem = "the file is for another network than " + setting("network") + " names",
                       .hint = "leave " + setting("network") + " out: the file brings its own"});
  if (file.metadata.contains(metadata::network) &&
      choose_network(file.metadata, std::nullopt, file.weights_name) != named.network)
    throw input_error({.file = file.weights_name,
                       .field = metadata::network,
                       .problem = "is another network than the model's configuration"});
  return named;
}

WeightsFile read(const keras::KerasFile& file, const std::string& source, const WeightsOptions& options) {
  WeightsFile weights;
  weights.ours = are_ours(file.metadata, file.weights_name);
  const keras::NamedNetwork named = network_of(file, options.network, source);
  weights.network = named.network;
  const keras::Place place =
      file.legacy ? keras::place_in_legacy(file.content, named.network, named.layer_names, file.weights_name)
                  : keras::place_in_weights(file.content, named.network);
  weights.parameters =
      keras::take_parameters(file.content, named.network, place, options, file.weights_name, weights.notes);
  take_description(file.metadata, file.weights_name, weights);
  return weights;
}

}  // namespace

bool looks_like_keras(std::span<const std::uint8_t> bytes) {
  return keras::is_archive(bytes) ||
         (bytes.size() >= hdf5_signature.size() &&
          std::ranges::equal(bytes.first(hdf5_signature.size()), hdf5_signature,
                             [](std::uint8_t byte, char letter) { return byte == static_cast<std::uint8_t>(letter); }));
}

KerasKind keras_kind(std::span<const std::uint8_t> bytes) {
  if (keras::is_archive(bytes)) return KerasKind::archive;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.find("layer_names") != std::string_view::npos ? KerasKind::legacy : KerasKind::weights;
}

WeightsFile read_keras(std::span<const std::uint8_t> bytes, const std::string& source, const WeightsOptions& options) {
  return read(keras::open_keras_file(bytes, source), source, options);
}

WeightsFile read_keras_training(std::span<const std::uint8_t> bytes, const std::string& source) {
  if (!keras::is_archive(bytes))
    throw input_error({.file = source,
                       .problem = "no .keras archive: a training goes on from one alone",
                       .hint = "as start weights of a new run: " + setting("weights")});
  const keras::KerasFile file = keras::open_keras_file(bytes, source);
  WeightsFile model = read(file, source, {});
  if (!JsonReader(*file.config, file.config_name).find("compile_config"))
    throw input_error({.file = file.config_name,
                       .field = "compile_config",
                       .problem = "missing: the model was saved without its training",
                       .hint = "as start weights of a new run: " + setting("weights")});
  const Optimizer optimizer = keras::read_compiled(JsonReader(*file.config, file.config_name));
  model.training = keras::take_training(file.content, model.network, optimizer, file.weights_name);
  return model;
}

}  // namespace nib
