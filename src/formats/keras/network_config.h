#pragma once

#include <string>
#include <vector>

#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "nib/network.h"

namespace nib::keras {

/// A network with the names that its layers have in a model of Keras, one a layer.
struct NamedNetwork {
  Network network;
  std::vector<std::string> layer_names;
};

inline constexpr int deepest_config = 32;

/// The network in the configuration of a sequential model, of Keras 2 or 3. Activations that are layers of their own
/// become part of the layer before them. What nib does not know is refused: Error (bad input) with the path of the
/// layer or setting.
NamedNetwork read_model_config(const JsonReader& model);

/// The configuration of a model as Keras 3 writes it, reduced to what it needs. Layers bear the names that Keras would
/// give them. `l2`: of the penalty on all kernels, see Optimizer.
Json model_config(const Network& network, double l2 = 0);

}  // namespace nib::keras
