#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "formats/onnx/graph_reader.h"
#include "formats/onnx/onnx_model.h"

namespace nib::onnx {

/// Where a walk along a graph's nodes stands: the network so far, and what flows out of it.
struct Flow {
  const OnnxModel& model;
  const std::string& source;
  std::map<std::string, const OnnxTensor*> tensors{};  ///< initializers and constants

  SequentialGraph graph{};
  std::string value{};            ///< the name of what flows
  std::set<std::string> past{};   ///< what flowed before, and flows
  std::set<std::string> sizes{};  ///< whole numbers that nodes compute from a shape: with the batch in it, unknown here
  Shape shape{};
  bool channels_last = false;         ///< an image lies (row, column, channel) in memory, not (channel, row, column)
  std::optional<Shape> rows_first{};  ///< the image that was flattened while it lay so
  bool takes_bias = false;            ///< the node before was a convolution or dense layer without a bias
  bool ended = false;                 ///< behind the softmax
};

/// What a node of a kind does to the flow. Throws Error, see node_error().
using NodeReader = void (*)(const OnnxNode& node, Flow& flow);

/// Null for a kind that nib has no layer for.
NodeReader node_reader(std::string_view type);

}  // namespace nib::onnx
