#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/live_part.h"
#include "nib/network.h"

namespace nib {

/// One block of a network: what an engine runs as one, a layer or several. Its shapes are those of what lies in memory:
/// the live part of what flows between the layers, and behind Flatten the image still.
struct BlockPlan {
  std::string name;  ///< of its first layer and what it takes along: "conv1+relu+pool"
  Shape input, output;
  bool input_gradient = false;  ///< a block before it has parameters, so the loss's gradient must reach them
};

/// A convolution, and the max-pool behind it where the engine can take that along.
struct ConvolutionPlan : BlockPlan {
  Convolution layer;
  std::optional<MaxPool> pool;
  Size padding{};           ///< rows of zeros above the input, columns left of it
  Size convolved{};         ///< live height and width of the convolution's own output, before a pool
  std::size_t weights = 0;  ///< index of the parameter tensor, as in parameter_specs(); the bias is the next

  /// Height and width of the padded input as far as the live output reads it.
  Size covered() const;
};

struct MaxPoolPlan : BlockPlan {
  MaxPool layer;
};

/// Of either kind: a global one is one window over all of the input, and its output is flat.
struct AveragePoolPlan : BlockPlan {
  AveragePool layer;
};

struct DensePlan : BlockPlan {
  Dense layer;
  std::size_t weights = 0;  ///< as in ConvolutionPlan
};

struct DropoutPlan : BlockPlan {
  Dropout layer;
  std::uint32_t layer_index = 0;  ///< into Network::layers: part of the mask's key
  Shape numbering;                ///< by which the mask numbers elements: with what the live part leaves out
};

using AnyBlockPlan = std::variant<ConvolutionPlan, MaxPoolPlan, AveragePoolPlan, DensePlan, DropoutPlan>;

struct NetworkPlan {
  Shape image;                       ///< what the first block reads
  std::vector<AnyBlockPlan> blocks;  ///< in order; Flatten has none, as it moves nothing in memory
};

/// Whether an engine's convolutions can take this max-pool along.
using TakesPool = bool (*)(const MaxPool&);

/// Plans a validated network.
NetworkPlan make_plan(const Network& network, TakesPool takes_pool);

}  // namespace nib
