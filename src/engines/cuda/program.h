#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engines/cuda/block.h"
#include "engines/cuda/head.h"
#include "nib/engine.h"

namespace nib::cuda {

/// A network compiled for batches of one size, for training or for evaluation: blocks in order, the head behind them,
/// and the activations between them.
struct Program {
  std::vector<std::unique_ptr<ActivationBuffer>>
      activations;  ///< the image (no values where the first block gathers), then outputs
  std::vector<std::unique_ptr<Block>> blocks;
  std::unique_ptr<Head> head;

  /// The first block takes the place of gather().
  bool gathers() const { return !blocks.empty() && blocks.front()->gathers(); }
  const ActivationBuffer& image() const { return *activations.front(); }
};

/// Compiles a validated network: fuses a convolution with the pooling behind it, leaves out what pooling drops, lets
/// own kernels, where they are wanted and fit, take the first convolution and the last two dense layers, and reserves
/// all memory in the workshop's arena.
Program compile(const Network& network, std::uint32_t rows, const Workshop& workshop, const BatchRows& batch);

}  // namespace nib::cuda
