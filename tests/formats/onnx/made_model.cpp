#include "formats/onnx/made_model.h"

namespace nib {
namespace {

ProtobufMessage value(const std::string& name, const std::vector<std::int64_t>& sides) {
  ProtobufMessage shape;
  shape.message(1, ProtobufMessage().bytes(2, "N"));
  for (const std::int64_t side : sides)
    shape.message(1, ProtobufMessage().integer(1, static_cast<std::uint64_t>(side)));
  const ProtobufMessage tensor = ProtobufMessage().integer(1, 1).message(2, shape);
  return ProtobufMessage().bytes(1, name).message(2, ProtobufMessage().message(1, tensor));
}

ProtobufMessage node_message(const MadeModel::Node& node) {
  ProtobufMessage message;
  for (const std::string& input : node.inputs) message.bytes(1, input);
  message.bytes(2, node.output).bytes(3, node.output).bytes(4, node.type);
  for (const ProtobufMessage& attribute : node.attributes) message.message(5, attribute);
  return message.bytes(7, node.domain);
}

std::string tensor_message(const MadeModel::Tensor& tensor) {
  ProtobufMessage message;
  for (const std::int64_t side : tensor.shape) message.integer(1, static_cast<std::uint64_t>(side));
  message.integer(2, tensor.type).bytes(8, tensor.name);
  if (!tensor.raw.empty()) message.bytes(9, tensor.raw);
  return message.encoded() + tensor.more.encoded();
}

}  // namespace

std::vector<std::uint8_t> MadeModel::bytes() const {
  ProtobufMessage graph;
  for (const Node& node : nodes) graph.message(1, node_message(node));
  for (const Tensor& tensor : tensors) graph.bytes(5, tensor_message(tensor));
  graph.message(11, value("x", image)).message(12, value(output, {2}));
  const ProtobufMessage opset = ProtobufMessage().bytes(1, "").integer(2, 13);
  ProtobufMessage model;
  model.integer(1, 7).bytes(2, "test").bytes(7, graph.encoded() + more_of_graph.encoded()).message(8, opset);
  const std::string encoded = model.encoded() + more_of_model.encoded();
  return {encoded.begin(), encoded.end()};
}

ProtobufMessage made_attribute(const std::string& name, std::int64_t value) {
  return ProtobufMessage().bytes(1, name).integer(3, static_cast<std::uint64_t>(value)).integer(20, 2);
}

ProtobufMessage made_attribute(const std::string& name, const std::vector<std::int64_t>& values) {
  ProtobufMessage message;
  message.bytes(1, name);
  for (const std::int64_t value : values) message.integer(8, static_cast<std::uint64_t>(value));
  return message.integer(20, 7);
}

ProtobufMessage made_text_attribute(const std::string& name, const std::string& value) {
  return ProtobufMessage().bytes(1, name).bytes(4, value).integer(20, 3);
}

std::string int64_bytes(const std::vector<std::int64_t>& numbers) {
  std::string bytes;
  for (const std::int64_t number : numbers)
    for (unsigned shift = 0; shift < 64; shift += 8)
      bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> shift);
  return bytes;
}

}  // namespace nib
