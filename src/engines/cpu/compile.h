#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engines/cpu/block.h"
#include "engines/cpu/instructions.h"
#include "nib/network.h"

namespace nib::cpu {

/// A network as this engine runs it: blocks in order, and the activations between them.
struct Program {
  std::vector<std::unique_ptr<ActivationBuffer>>
      activations;                             ///< the image, then each block's output; the last holds logits
  std::vector<std::unique_ptr<Block>> blocks;  ///< spatial ones first
  std::size_t spatial_blocks = 0;

  ActivationBuffer& image() { return *activations.front(); }
  ActivationBuffer& logits() { return *activations.back(); }
};

/// Plans a validated network for this engine, whose convolutions take 2x2 pooling along.
NetworkPlan plan_blocks(const Network& network);

/// How the image lies in memory, and what each block leaves of what it is given.
Extent image_extent(const NetworkPlan& plan);
Extent output_extent(const AnyBlockPlan& block, const Extent& input);

/// Compiles a validated network for steps of up to `row_capacity` rows: fuses convolution, relu and 2x2 pooling; leaves
/// out what pooling drops; binds every block to its activations.
Program compile(const Network& network, Instructions instructions, std::uint32_t row_capacity);

}  // namespace nib::cpu
