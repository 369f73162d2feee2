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
  /// The first ones, which work image by image on feature maps and are called for a slot at a time; the others work on
  /// vectors, where larger ranges of rows share the weights they load.
  std::size_t spatial_blocks = 0;

  ActivationBuffer& image() { return *activations.front(); }
  ActivationBuffer& logits() { return *activations.back(); }
  /// Has the spatial blocks work on the rows from this one on, as many as they have room for.
  void begin_portion(std::uint32_t first_row);
};

/// Plans a validated network for this engine, whose convolutions take 2x2 pooling along.
NetworkPlan plan_blocks(const Network& network);

/// How the image lies in memory, and what each block leaves of what it is given.
Extent image_extent(const NetworkPlan& plan);
Extent output_extent(const AnyBlockPlan& block, const Extent& input);

/// How many of a network's blocks, its first ones, are spatial: those before the first dense layer.
std::size_t spatial_blocks(const NetworkPlan& plan);

/// The rows that activation number `index` of a program with so many spatial blocks has room for: `rows` of a step, of
/// which the spatial blocks take `portion` at a time.
RowRoom row_room(std::size_t index, std::size_t spatial_blocks, std::uint32_t rows, std::uint32_t portion);

/// Compiles a validated network for steps of up to `rows` rows, `portion` of them at a time in its spatial blocks:
/// fuses convolution, relu and 2x2 pooling; leaves out what pooling drops; binds every block to its activations.
Program compile(const Network& network, Instructions instructions, std::uint32_t rows, std::uint32_t portion);

}  // namespace nib::cpu
