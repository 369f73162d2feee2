#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/onnx/onnx_model.h"
#include "nib/network.h"

namespace nib::onnx {

/// Where the numbers of a layer with parameters stand in a model, and how.
struct LayerSource {
  const OnnxTensor* weight = nullptr;
  const OnnxTensor* bias = nullptr;  ///< null: zeros
  bool inputs_first = false;         ///< a dense weight is (in, out), not (out, in)
  /// The image whose pixels a dense layer's inputs are, where they are counted (row, column, channel).
  std::optional<Shape> rows_first{};
};

/// A model's graph as a sequential network. Points into the model.
struct SequentialGraph {
  Network network{};
  std::vector<LayerSource> sources{};  ///< one for each layer with parameters, in order; of the shapes that it needs
  std::vector<std::string> notes{};    ///< what a user should know, a line each
};

/// Follows the graph from its image to its output. Throws Error (bad input) naming `source` and the first node that has
/// no place in a sequential network of nib's layers.
SequentialGraph read_graph(const OnnxModel& model, const std::string& source);

}  // namespace nib::onnx
