// Each kind of node that a sequential network can have.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <variant>

#include "base/text.h"
#include "formats/onnx/flow.h"
#include "formats/onnx/node_attributes.h"
#include "formats/onnx/tensors.h"

namespace nib::onnx {
namespace {

constexpr std::size_t most_layers = 64;  // of a network; see validate()

bool has_input(const OnnxNode& node, std::size_t index) {
  return index < node.inputs.size() && !node.inputs[index].empty();
}

/// An input that does not flow: a tensor of the file.
const OnnxTensor& tensor(const OnnxNode& node, std::size_t index, const Flow& flow) {
  const std::string name = has_input(node, index) ? node.inputs[index] : "";
  const auto found = flow.tensors.find(name);
  if (found == flow.tensors.end())
    throw node_error(node, flow.source, fmt::format("input {} is no tensor of the file", index + 1), {},
                     name.empty() ? "none" : printable(name, 60));
  return *found->second;
}

/// What flows is the first input of all nodes but Add.
void check_first_input(const OnnxNode& node, const Flow& flow) {
  if (node.inputs.front() != flow.value)
    throw node_error(node, flow.source, "what flows is not its first input", printable(flow.value, 60),
                     printable(node.inputs.front(), 60));
}

std::uint32_t count(std::int64_t number, const OnnxNode& node, const OnnxTensor& weight, const Flow& flow) {
  if (number < 1 || number > std::numeric_limits<std::int32_t>::max())
    throw node_error(node, flow.source, "its weights have no such shape", {}, shape_text(weight.shape));
  return static_cast<std::uint32_t>(number);
}

void append_layer(const OnnxNode& node, Layer layer, Flow& flow) {
  std::vector<Layer>& layers = flow.graph.network.layers;
  if (layers.size() == most_layers)
    throw node_error(node, flow.source, "too many layers", fmt::format("at most {}", most_layers));
  layers.push_back(std::move(layer));
  try {
    flow.shape = output_shapes(flow.graph.network).back();
  } catch (const Error& error) {
    throw node_error(node, flow.source, error.problem().problem, error.problem().expected, error.problem().got);
  }
}

/// The bias of the convolution or dense layer that was added last: one number a channel, whatever else is 1.
void take_bias(const OnnxNode& node, const OnnxTensor& bias, std::size_t channel_from_end, Flow& flow) {
  const std::vector<std::int64_t>& shape = bias.shape;
  const std::size_t channel = shape.size() - 1 - channel_from_end;  // wraps around where there is none
  bool fits = channel < shape.size() && shape[channel] == flow.shape.channels;
  for (std::size_t index = 0; index < shape.size(); ++index) fits = fits && (index == channel || shape[index] == 1);
  if (!fits)
    throw node_error(node, flow.source, "not a bias of the layer", fmt::format("[{}]", flow.shape.channels),
                     shape_text(shape));
  flow.graph.sources.back().bias = &bias;
}

void read_convolution(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  const OnnxTensor& weight = tensor(node, 1, flow);
  const NodeAttributes attributes(node, flow.source);
  attributes.expect("group", 1);
  attributes.expect("dilations", 1);
  if (flow.channels_last || flow.shape.flat || weight.shape.size() != 4 || weight.shape[1] != flow.shape.channels)
    throw node_error(node, flow.source, "its weights do not fit what flows in",
                     fmt::format("an image (channel, row, column), [out,{},height,width]", flow.shape.channels),
                     shape_text(weight.shape));
  Convolution layer{.filters = count(weight.shape[0], node, weight, flow)};
  layer.kernel = {count(weight.shape[2], node, weight, flow), count(weight.shape[3], node, weight, flow)};
  if (attributes.sides("kernel_shape", layer.kernel) != layer.kernel)
    throw node_error(node, flow.source, "kernel_shape is not that of its weights", {}, shape_text(weight.shape));
  layer.stride = attributes.sides("strides", {1, 1});
  layer.padding = attributes.padding(flow.shape, layer.kernel, layer.stride);
  append_layer(node, layer, flow);
  flow.graph.sources.push_back({.weight = &weight});
  flow.takes_bias = !has_input(node, 2);
  if (!flow.takes_bias) take_bias(node, tensor(node, 2, flow), 0, flow);
}

template <typename Pool>
void read_pool(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  const NodeAttributes attributes(node, flow.source);
  attributes.expect("dilations", 1);
  if (flow.channels_last) throw node_error(node, flow.source, "takes no image (channel, row, column)");
  Pool layer{.size = attributes.sides("kernel_shape", {0, 0}), .stride = attributes.sides("strides", {1, 1})};
  const bool pads = attributes.padding(flow.shape, layer.size, layer.stride) == Padding::same;
  const std::array<std::uint32_t, 2> sides = {flow.shape.height, flow.shape.width};
  for (std::size_t side = 0; side < 2; ++side) {
    const bool padded = pads && same_padding(sides[side], layer.size[side], layer.stride[side])[1] > 0;
    const bool rest = sides[side] > layer.size[side] && (sides[side] - layer.size[side]) % layer.stride[side] != 0;
    if (padded || (rest && attributes.integer("ceil_mode", 0) != 0))
      throw node_error(node, flow.source, "nib's pooling drops what does not fill a window, and pads nothing");
  }
  append_layer(node, layer, flow);
}

/// Its output counts as a vector; what flattens it further does nothing then.
void read_global_average_pool(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  append_layer(node, GlobalAveragePool{}, flow);
  flow.channels_last = false;
}

/// The mean over rows and columns, as Keras's exporters and PyTorch's mean((2, 3)) write a global average pool.
void read_mean(const OnnxNode& node, Flow& flow) {
  const OnnxAttribute* const attribute = node.find("axes");
  std::vector<std::int64_t> axes;
  if (attribute != nullptr)
    axes = attribute->integers;
  else if (has_input(node, 1))
    axes = integers_of(tensor(node, 1, flow), flow.source);
  constexpr std::int64_t dimensions = 4;  // (images, channel, row, column), or the channel last
  for (std::int64_t& axis : axes) axis = axis < 0 ? axis + dimensions : axis;
  std::ranges::sort(axes);
  const std::vector<std::int64_t> sides =
      flow.channels_last ? std::vector<std::int64_t>{1, 2} : std::vector<std::int64_t>{2, 3};
  if (flow.shape.flat || axes != sides)
    throw node_error(node, flow.source, "is no mean over an image's rows and columns", shape_text(sides),
                     shape_text(axes));
  read_global_average_pool(node, flow);
}

/// Of the last layer that can have one. Max-pooling, flattening and dropout give the same behind relu as before it; a
/// mean does not.
void read_relu(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  std::vector<Layer>& layers = flow.graph.network.layers;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (std::holds_alternative<AveragePool>(*layer) || std::holds_alternative<GlobalAveragePool>(*layer)) break;
    if (auto* const convolution = std::get_if<Convolution>(&*layer)) {
      convolution->activation = Activation::relu;
      return;
    }
    if (auto* const dense = std::get_if<Dense>(&*layer)) {
      dense->activation = Activation::relu;
      return;
    }
  }
  throw node_error(node, flow.source, "stands behind no convolution or dense layer");
}

void flatten(const OnnxNode& node, Flow& flow) {
  const Shape image = flow.shape;
  append_layer(node, Flatten{}, flow);
  if (std::exchange(flow.channels_last, false) && image.channels > 1) flow.rows_first = image;
}

void read_flatten(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  NodeAttributes(node, flow.source).expect("axis", 1);
  if (!flow.shape.flat) flatten(node, flow);
}

/// The sides behind the batch that an image has, or a vector.
std::vector<std::int64_t> sides_of(const Shape& shape, bool channels_last) {
  if (shape.flat) return {shape.channels};
  if (channels_last) return {shape.height, shape.width, shape.channels};
  return {shape.channels, shape.height, shape.width};
}

void read_reshape(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  if (has_input(node, 1) && flow.sizes.contains(node.inputs[1])) {  // whatever is no vector will not fit what follows
    if (!flow.shape.flat) flatten(node, flow);
    return;
  }
  const std::vector<std::int64_t> target = integers_of(tensor(node, 1, flow), flow.source);
  std::vector<std::int64_t> sides(target.begin() + (target.empty() ? 0 : 1), target.end());
  const auto size = static_cast<std::int64_t>(flow.shape.size());
  if (sides == std::vector<std::int64_t>{-1}) sides = {size};
  if (sides == sides_of(flow.shape, flow.channels_last)) return;
  if (!flow.shape.flat && sides == std::vector<std::int64_t>{size}) return flatten(node, flow);
  if (!flow.shape.flat && flow.shape.channels == 1)  // grey images lie alike in both orders
    for (const bool channels_last : {false, true})
      if (sides == sides_of(flow.shape, channels_last)) {
        flow.channels_last = channels_last;
        return;
      }
  throw node_error(node, flow.source, "neither flattens an image nor leaves it as it is", {}, shape_text(target));
}

void read_transpose(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  const OnnxAttribute* const axes = node.find("perm");
  const std::vector<std::int64_t> to_last = {0, 2, 3, 1}, to_first = {0, 3, 1, 2};
  if (axes == nullptr || flow.shape.flat || axes->integers != (flow.channels_last ? to_first : to_last))
    throw node_error(node, flow.source, "does not move an image's channels",
                     shape_text(flow.channels_last ? to_first : to_last),
                     axes == nullptr ? "none" : shape_text(axes->integers));
  flow.channels_last = !flow.channels_last;
}

void append_dense(const OnnxNode& node, const OnnxTensor& weight, bool inputs_first, Flow& flow) {
  const std::size_t in = inputs_first ? 0 : 1;
  if (!flow.shape.flat || weight.shape.size() != 2 || weight.shape[in] != flow.shape.channels)
    throw node_error(node, flow.source, "its weights do not fit what flows in",
                     fmt::format("a vector, {} inputs", flow.shape.size()), shape_text(weight.shape));
  append_layer(node, Dense{.units = count(weight.shape[1 - in], node, weight, flow)}, flow);
  flow.graph.sources.push_back(
      {.weight = &weight, .inputs_first = inputs_first, .rows_first = std::exchange(flow.rows_first, std::nullopt)});
  flow.takes_bias = true;
}

void read_gemm(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  const NodeAttributes attributes(node, flow.source);
  attributes.expect("transA", 0);
  if (attributes.number("alpha", 1) != 1 || attributes.number("beta", 1) != 1)
    throw node_error(node, flow.source, "scales its products: nib has no such layer");
  append_dense(node, tensor(node, 1, flow), attributes.integer("transB", 0) == 0, flow);
  if (!has_input(node, 2)) return;
  take_bias(node, tensor(node, 2, flow), 0, flow);
  flow.takes_bias = false;
}

void read_product(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  append_dense(node, tensor(node, 1, flow), true, flow);
}

void read_add(const OnnxNode& node, Flow& flow) {
  const std::size_t other = node.inputs.front() == flow.value ? 1 : 0;
  constexpr std::size_t behind_channel = 2;  // rows and columns
  take_bias(node, tensor(node, other, flow), flow.shape.flat ? 0 : behind_channel, flow);
}

void read_softmax(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  std::vector<Layer>& layers = flow.graph.network.layers;
  auto* const last = layers.empty() ? nullptr : std::get_if<Dense>(&layers.back());
  const std::int64_t axis = NodeAttributes(node, flow.source).integer("axis", flow.model.opset < 13 ? 1 : -1);
  if (last == nullptr || last->activation != Activation::none || (axis != 1 && axis != -1))
    throw node_error(node, flow.source, "stands behind no dense layer without activation");
  last->activation = Activation::softmax;
  flow.ended = true;
  if (node.type == "LogSoftmax")
    flow.graph.notes.emplace_back("the model gives logarithms of probabilities; nib gives the probabilities");
}

void read_dropout(const OnnxNode& node, Flow& flow) {
  check_first_input(node, flow);
  float rate = NodeAttributes(node, flow.source).number("ratio", 0.5F);
  if (has_input(node, 1)) {
    const OnnxTensor& ratio = tensor(node, 1, flow);
    const bool is_one = ratio.shape.empty() || ratio.shape == std::vector<std::int64_t>{1};
    if (!is_one) throw node_error(node, flow.source, "its ratio is not one number", {}, shape_text(ratio.shape));
    rate = floats_of(ratio, flow.source).front();
  }
  // The number that a person wrote, as the shortest one that gives this float.
  const std::optional<double> written = parse_number(fmt::format("{}", rate));
  if (!written)
    throw node_error(node, flow.source, "its ratio is not a number", "0 to below 1", fmt::format("{}", rate));
  append_layer(node, Dropout{.rate = *written}, flow);
}

void read_identity(const OnnxNode&, Flow&) {}

constexpr std::array<std::pair<std::string_view, NodeReader>, 16> node_readers = {
    {{"Add", read_add},
     {"AveragePool", read_pool<AveragePool>},
     {"Conv", read_convolution},
     {"Dropout", read_dropout},
     {"Flatten", read_flatten},
     {"Gemm", read_gemm},
     {"GlobalAveragePool", read_global_average_pool},
     {"Identity", read_identity},
     {"LogSoftmax", read_softmax},
     {"MatMul", read_product},
     {"MaxPool", read_pool<MaxPool>},
     {"ReduceMean", read_mean},
     {"Relu", read_relu},
     {"Reshape", read_reshape},
     {"Softmax", read_softmax},
     {"Transpose", read_transpose}}};

}  // namespace

NodeReader node_reader(std::string_view type) {
  const auto* const found = std::ranges::find(node_readers, type, &std::pair<std::string_view, NodeReader>::first);
  return found == node_readers.end() ? nullptr : found->second;
}

}  // namespace nib::onnx
