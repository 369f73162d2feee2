#include <cstddef>
#include <variant>

#include "encodings/protobuf.h"
#include "formats/number_formats.h"
#include "formats/onnx/onnx_model.h"
#include "formats/onnx/onnx_weights.h"
#include "formats/weights_metadata.h"
#include "model/layer_names.h"

namespace nib {
namespace {

// Numbers of fields are those of onnx.proto.
constexpr std::uint64_t ir_version = 7, opset = 13;
constexpr auto float32 = static_cast<std::uint64_t>(onnx::ElementType::float32);

ProtobufMessage attribute(const char* name, std::uint64_t value) {
  constexpr std::uint64_t is_integer = 2;
  return ProtobufMessage().bytes(1, name).integer(3, value).integer(20, is_integer);
}

ProtobufMessage attribute(const char* name, const std::string& value) {
  constexpr std::uint64_t is_text = 3;
  return ProtobufMessage().bytes(1, name).bytes(4, value).integer(20, is_text);
}

ProtobufMessage attribute(const char* name, const std::array<std::uint32_t, 2>& values) {
  constexpr std::uint64_t are_integers = 7;
  ProtobufMessage message;
  message.bytes(1, name);
  for (const std::uint32_t value : values) message.integer(8, value);
  return message.integer(20, are_integers);
}

ProtobufMessage tensor_message(const Tensor& tensor) {
  ProtobufMessage message;
  for (const std::uint32_t side : tensor.shape) message.integer(1, side);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(tensor.values.size() * sizeof(float));
  append_floats(tensor.values, bytes);
  const std::string_view raw(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return message.integer(2, float32).bytes(8, tensor.name).bytes(9, raw);
}

/// A tensor of float32, of any number of images.
ProtobufMessage value_message(const std::string& name, const std::vector<std::uint32_t>& sides) {
  ProtobufMessage shape;
  shape.message(1, ProtobufMessage().bytes(2, "N"));
  for (const std::uint32_t side : sides) shape.message(1, ProtobufMessage().integer(1, side));
  const ProtobufMessage tensor = ProtobufMessage().integer(1, float32).message(2, shape);
  return ProtobufMessage().bytes(1, name).message(2, ProtobufMessage().message(1, tensor));
}

/// Writes a graph's nodes one behind the other, each on what the one before it gave.
class NodeWriter {
 public:
  NodeWriter(ProtobufMessage& graph, std::string input) : graph_(graph), value_(std::move(input)) {}

  const std::string& value() const { return value_; }

  void operator()(const std::string& name, const Convolution& layer) {
    add("Conv", name, {name + ".weight", name + ".bias"},
        {attribute("kernel_shape", layer.kernel), attribute("strides", layer.stride),
         attribute("auto_pad", std::string(layer.padding == Padding::same ? "SAME_UPPER" : "VALID"))});
    activate(name, layer.activation);
  }
  void operator()(const std::string& name, const MaxPool& layer) {
    add("MaxPool", name, {}, {attribute("kernel_shape", layer.size), attribute("strides", layer.stride)});
  }
  void operator()(const std::string& name, const AveragePool& layer) {
    add("AveragePool", name, {}, {attribute("kernel_shape", layer.size), attribute("strides", layer.stride)});
  }
  void operator()(const std::string& name, const GlobalAveragePool&) {
    add("GlobalAveragePool", name, {}, {});
    add("Flatten", name + ".flatten", {}, {attribute("axis", 1)});
  }
  void operator()(const std::string& name, const Flatten&) { add("Flatten", name, {}, {attribute("axis", 1)}); }
  void operator()(const std::string& name, const Dense& layer) {
    add("Gemm", name, {name + ".weight", name + ".bias"}, {attribute("transB", 1)});
    activate(name, layer.activation);
  }
  void operator()(const std::string& name, const Dropout& layer) {
    const std::string rate = name + ".rate";
    graph_.message(5, tensor_message({.name = rate, .shape = {}, .values = {static_cast<float>(layer.rate)}}));
    add("Dropout", name, {rate}, {});
  }

 private:
  void add(const char* type, const std::string& name, const std::vector<std::string>& tensors,
           const std::vector<ProtobufMessage>& attributes) {
    ProtobufMessage node;
    node.bytes(1, value_);
    for (const std::string& tensor : tensors) node.bytes(1, tensor);
    value_ = name;
    node.bytes(2, value_).bytes(3, name).bytes(4, type);
    for (const ProtobufMessage& each : attributes) node.message(5, each);
    graph_.message(1, node);
  }
  void activate(const std::string& name, Activation activation) {
    if (activation == Activation::relu) add("Relu", name + ".relu", {}, {});
    if (activation == Activation::softmax) add("Softmax", "probabilities", {}, {attribute("axis", 1)});
  }

  ProtobufMessage& graph_;
  std::string value_;
};

ProtobufMessage graph_message(const WeightsFile& model) {
  const Network& network = model.network;
  ProtobufMessage graph;
  NodeWriter writer(graph, "images");
  const std::vector<std::string> names = layer_names(network);
  for (std::size_t index = 0; index < names.size(); ++index)
    std::visit([&](const auto& layer) { writer(names[index], layer); }, network.layers[index]);
  graph.bytes(2, "nib");
  for (const Tensor& tensor : model.parameters.tensors) graph.message(5, tensor_message(tensor));
  const Shape& input = network.input;
  graph.message(11, value_message("images", {input.channels, input.height, input.width}));
  graph.message(12, value_message(writer.value(), {class_count(network)}));
  return graph;
}

}  // namespace

std::vector<std::uint8_t> onnx_weights_bytes(const WeightsFile& model, const std::string&) {
  ProtobufMessage file;
  file.integer(1, ir_version).bytes(2, "nib").message(7, graph_message(model));
  file.message(8, ProtobufMessage().bytes(1, "").integer(2, opset));
  for (const auto& [key, text] : metadata_with_hash(model))
    file.message(14, ProtobufMessage().bytes(1, key).bytes(2, text));
  return {file.encoded().begin(), file.encoded().end()};
}

}  // namespace nib
