#include "formats/onnx/graph_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/text.h"
#include "formats/onnx/flow.h"
#include "formats/onnx/node_attributes.h"
#include "formats/onnx/tensors.h"

namespace nib::onnx {
namespace {

/// The one input that is no initializer: older models list those, too.
const OnnxValue& find_input(const Flow& flow) {
  const OnnxValue* input = nullptr;
  for (const OnnxValue& value : flow.model.inputs) {
    if (flow.tensors.contains(value.name)) continue;
    if (std::exchange(input, &value) != nullptr)
      throw input_error({.file = flow.source, .field = "graph", .problem = "has more than one input"});
  }
  if (input == nullptr) throw input_error({.file = flow.source, .field = "graph", .problem = "has no input"});
  return *input;
}

void flows(const std::string& value, Flow& flow) {
  flow.value = value;
  flow.past.insert(value);
}

/// A grey image, with its one channel before or behind its rows and columns or left out.
void begin(Flow& flow) {
  const OnnxValue& input = find_input(flow);
  std::vector<std::int64_t> sides;
  for (const auto& side : input.shape) sides.push_back(side.value_or(0));
  std::vector<std::int64_t> image(sides.begin() + (sides.empty() ? 0 : 1), sides.end());
  if (image.size() == 2) image.push_back(1);
  const auto fits = [](std::int64_t side) { return side > 0 && side <= std::numeric_limits<std::int32_t>::max(); };
  if (image.size() != 3 || !std::ranges::all_of(image, fits) || (image[0] != 1 && image[2] != 1))
    throw input_error({.file = flow.source,
                       .field = "input " + printable(input.name, 100),
                       .problem = "not a grey image",
                       .expected = "[N,1,height,width] or [N,height,width,1]",
                       .got = shape_text(sides)});
  flow.channels_last = image[0] != 1;
  if (!flow.channels_last) std::ranges::rotate(image, image.begin() + 1);
  flow.shape = {
      .height = static_cast<std::uint32_t>(image[0]), .width = static_cast<std::uint32_t>(image[1]), .channels = 1};
  flow.graph.network.input = flow.shape;
  flows(input.name, flow);
}

bool is_constant(const OnnxNode& node, Flow& flow) {
  if (node.type != "Constant" || node.outputs.size() != 1) return false;
  const OnnxAttribute* const value = node.find("value");
  if (value == nullptr || !value->tensor) throw node_error(node, flow.source, "not a constant tensor");
  flow.tensors[node.outputs.front()] = &*value->tensor;
  return true;
}

/// Keras flattens into a shape whose batch is computed from the image's own shape, on a path beside the layers.
bool computes_sizes(const OnnxNode& node, Flow& flow) {
  constexpr std::array<std::string_view, 6> arithmetic = {"Cast", "Concat", "Gather", "Slice", "Squeeze", "Unsqueeze"};
  const auto is_size = [&](const std::string& name) { return flow.sizes.contains(name); };
  const bool of_shape = node.type == "Shape" && node.inputs.size() == 1 && flow.past.contains(node.inputs.front());
  const bool of_sizes =
      std::ranges::find(arithmetic, node.type) != arithmetic.end() && std::ranges::any_of(node.inputs, is_size) &&
      std::ranges::all_of(node.inputs,
                          [&](const std::string& name) { return is_size(name) || flow.tensors.contains(name); });
  if (of_shape || of_sizes) flow.sizes.insert(node.outputs.begin(), node.outputs.end());
  return of_shape || of_sizes;
}

void follow(const OnnxNode& node, Flow& flow) {
  const bool standard = node.domain.empty() || node.domain == "ai.onnx";
  if (standard && (is_constant(node, flow) || computes_sizes(node, flow))) return;
  const NodeReader reader = standard ? node_reader(node.type) : nullptr;
  if (reader == nullptr)
    throw node_error(node, flow.source, "nib has no such layer", {},
                     standard ? "" : "an operator of " + printable(node.domain, 60));
  if (std::ranges::find(node.inputs, flow.value) == node.inputs.end())
    throw node_error(node, flow.source, "does not take what the node before it gives: the network is not sequential",
                     printable(flow.value, 60));
  if (node.outputs.empty()) throw node_error(node, flow.source, "has no output");
  if (flow.ended && node.type != "Identity") throw node_error(node, flow.source, "stands behind the softmax");
  const bool takes_bias = std::exchange(flow.takes_bias, false);
  if (node.type == "Add" && !takes_bias)
    throw node_error(node, flow.source, "is no bias right behind a convolution or dense layer");
  reader(node, flow);
  flows(node.outputs.front(), flow);  // dropout's mask and the like are nobody's input here
}

void end(Flow& flow) {
  if (flow.model.outputs.size() != 1 || flow.model.outputs.front().name != flow.value)
    throw input_error({.file = flow.source, .field = "graph", .problem = "its output is not that of its last node"});
  std::vector<Layer>& layers = flow.graph.network.layers;
  auto* const last = layers.empty() ? nullptr : std::get_if<Dense>(&layers.back());
  if (flow.ended || last == nullptr || last->activation != Activation::none) return;
  last->activation = Activation::softmax;
  flow.graph.notes.emplace_back("the model ends without softmax: its outputs are taken for logits");
}

}  // namespace

SequentialGraph read_graph(const OnnxModel& model, const std::string& source) {
  Flow flow{.model = model, .source = source};
  for (const OnnxTensor& tensor : model.initializers) flow.tensors[tensor.name] = &tensor;
  begin(flow);
  for (const OnnxNode& node : model.nodes) follow(node, flow);
  end(flow);
  return std::move(flow.graph);
}

}  // namespace nib::onnx
