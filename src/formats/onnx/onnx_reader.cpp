#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "formats/file_tensor.h"
#include "formats/metadata_keys.h"
#include "formats/number_formats.h"
#include "formats/onnx/graph_reader.h"
#include "formats/onnx/onnx_model.h"
#include "formats/onnx/onnx_weights.h"
#include "formats/onnx/tensors.h"
#include "formats/tensor_layouts.h"
#include "formats/weights_metadata.h"
#include "model/network_json.h"

namespace nib {
namespace {

Network without_dropout(Network network) {
  std::erase_if(network.layers, [](const Layer& layer) { return std::holds_alternative<Dropout>(layer); });
  return network;
}

/// A network that the graph can be: dropout, which answers do not need, is left out by many exporters and may be
/// written with other digits.
void check_same(const Network& network, const Network& graph, const std::string& source, std::string field,
                std::string problem) {
  if (without_dropout(network) != without_dropout(graph))
    throw input_error({.file = source, .field = std::move(field), .problem = std::move(problem)});
}

std::vector<float> weight_of(const onnx::LayerSource& layer, const ParameterSpec& spec, const std::string& source) {
  std::vector<float> values = onnx::floats_of(*layer.weight, source);
  if (layer.inputs_first) values = to_canonical(keras_layout(), spec.shape, values);  // a dense layer's
  if (layer.rows_first) values = channels_to_front(*layer.rows_first, values);
  return values;
}

std::vector<float> bias_of(const onnx::LayerSource& layer, const ParameterSpec& spec, const std::string& source) {
  return layer.bias == nullptr ? std::vector<float>(spec.size()) : onnx::floats_of(*layer.bias, source);
}

/// The parameters by the network's own names, in its layout and in float32.
class CanonicalTensors {
 public:
  CanonicalTensors(const onnx::SequentialGraph& graph, const std::string& source) {
    const std::vector<ParameterSpec> specs = parameter_specs(graph.network);
    bytes_.reserve(specs.size());
    for (std::size_t index = 0; index < specs.size(); ++index) {
      const onnx::LayerSource& layer = graph.sources.at(index / 2);
      const ParameterSpec& spec = specs[index];
      std::vector<std::uint8_t>& bytes = bytes_.emplace_back();
      bytes.reserve(spec.size() * sizeof(float));
      append_floats(index % 2 == 0 ? weight_of(layer, spec, source) : bias_of(layer, spec, source), bytes);
      tensors_.push_back({.name = spec.name, .dtype = "F32", .shape = spec.shape, .bytes = bytes});
    }
  }
  std::span<const FileTensor> tensors() const { return tensors_; }

 private:
  std::vector<std::vector<std::uint8_t>> bytes_;
  std::vector<FileTensor> tensors_;
};

void check_network(const Network& network, const std::string& source) {
  try {
    validate(network);
  } catch (const Error& error) {
    Problem problem = error.problem();
    problem.file = source;
    throw input_error(std::move(problem));
  }
}

}  // namespace

bool is_onnx(std::span<const std::uint8_t> bytes) {
  constexpr std::uint8_t version = 0x08, latest_version = 64;
  constexpr std::uint8_t producer = 0x12, graph = 0x3A, opset = 0x42, text = 0x20;
  if (bytes.size() < 5 || bytes[0] != version || bytes[1] == 0 || bytes[1] > latest_version) return false;
  // Core ML has a message in the producer's place, which begins with a field of its own.
  if (bytes[2] == producer) return bytes[3] == 0 || bytes[4] >= text;
  return bytes[2] == graph || bytes[2] == opset;
}

WeightsFile parse_onnx_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                               const WeightsOptions& options) {
  const onnx::OnnxModel model = onnx::parse_model(bytes, source);
  const onnx::SequentialGraph graph = onnx::read_graph(model, source);
  check_network(graph.network, source);
  Metadata metadata;
  if (are_ours(model.metadata, source)) metadata = model.metadata;
  metadata[metadata::writer] = metadata::torch;
  metadata[metadata::flatten] = metadata::channels_first;

  WeightsOptions all = options;
  if (options.network)
    check_same(*options.network, graph.network, source, "graph",
               "is another network than " + setting("network") + " names");
  else if (const auto own = value_of(metadata, metadata::network); own)
    check_same(parse_network(*own, source + ": " + metadata::network), graph.network, source, metadata::network,
               "is another network than the graph");
  else
    all.network = graph.network;
  WeightsFile weights = weights_of(metadata, CanonicalTensors(graph, source).tensors(), source, all);
  weights.notes.insert(weights.notes.begin(), graph.notes.begin(), graph.notes.end());
  return weights;
}

}  // namespace nib
