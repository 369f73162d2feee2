#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engines/cuda/block.h"
#include "nib/engine.h"

namespace nib::cuda {

/// A network compiled for batches of one size, for training or for evaluation: blocks in order, and the activations
/// between them.
struct Program {
  std::vector<std::unique_ptr<ActivationBuffer>> activations;  ///< the image, then each block's output; last the logits
  std::vector<std::unique_ptr<Block>> blocks;
  std::size_t last_bias = 0;  ///< index of the parameter tensor that the head adds to the logits

  const ActivationBuffer& image() const { return *activations.front(); }
  const ActivationBuffer& logits() const { return *activations.back(); }
};

/// Compiles a validated network: fuses a convolution with the pooling behind it, leaves out what pooling drops, and
/// reserves all memory in the workshop's arena.
Program compile(const Network& network, std::uint32_t rows, const Workshop& workshop);

}  // namespace nib::cuda
