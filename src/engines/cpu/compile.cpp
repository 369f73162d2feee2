#include "engines/cpu/compile.h"

#include <algorithm>
#include <utility>

namespace nib::cpu {
namespace {

bool takes_pool(const MaxPool& pool) { return pool.size == Size{2, 2} && pool.stride == Size{2, 2}; }

std::uint32_t padded(std::uint32_t channels) { return static_cast<std::uint32_t>(round_up(channels, kChannelTile)); }

Extent extent_of(const Shape& shape, std::uint32_t channel_stride) {
  return {shape.height, shape.width, shape.channels, channel_stride};
}

Extent output_of(const ConvolutionPlan& plan, const Extent&) {
  return extent_of(plan.output, padded(plan.layer.filters));
}
Extent output_of(const DensePlan& plan, const Extent&) { return extent_of(plan.output, padded(plan.layer.units)); }
Extent output_of(const BlockPlan& plan, const Extent& input) { return extent_of(plan.output, input.channel_stride); }

/// Maps the plan's blocks to this engine's, each bound to the activation that the one before it left.
class Compiler {
 public:
  Compiler(Instructions instructions, std::uint32_t row_capacity)
      : instructions_(instructions), row_capacity_(row_capacity) {}

  Program compile(const NetworkPlan& plan) {
    program_.activations.push_back(std::make_unique<ActivationBuffer>(image_extent(plan), row_capacity_, false));
    for (const AnyBlockPlan& block : plan.blocks) {
      ActivationBuffer& from = *program_.activations.back();
      program_.activations.push_back(
          std::make_unique<ActivationBuffer>(output_extent(block, from.extent), row_capacity_, true));
      ActivationBuffer& to = *program_.activations.back();
      program_.blocks.push_back(std::visit([&](const auto& each) { return make(each, from, to); }, block));
    }
    program_.spatial_blocks = static_cast<std::size_t>(std::count_if(
        program_.blocks.begin(), program_.blocks.end(), [](const auto& block) { return block->spatial(); }));
    return std::move(program_);
  }

 private:
  using MadeBlock = std::unique_ptr<Block>;

  MadeBlock make(const ConvolutionPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return image_convolution_fits(plan, from, to) ? make_image_convolution(instructions_, plan, from, to)
                                                  : make_convolution(instructions_, plan, from, to);
  }
  MadeBlock make(const MaxPoolPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_max_pool(plan, from, to);
  }
  MadeBlock make(const AveragePoolPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_average_pool(plan, from, to);
  }
  MadeBlock make(const DropoutPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    const bool spatial = std::ranges::all_of(program_.blocks, [](const auto& block) { return block->spatial(); });
    return make_dropout(plan, spatial, from, to);
  }
  MadeBlock make(const DensePlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_dense(instructions_, plan, from, to);
  }

  Instructions instructions_;
  std::uint32_t row_capacity_;
  Program program_;
};

}  // namespace

NetworkPlan plan_blocks(const Network& network) { return make_plan(network, takes_pool); }

Extent image_extent(const NetworkPlan& plan) { return extent_of(plan.image, plan.image.channels); }

Extent output_extent(const AnyBlockPlan& block, const Extent& input) {
  return std::visit([&](const auto& each) { return output_of(each, input); }, block);
}

Program compile(const Network& network, Instructions instructions, std::uint32_t row_capacity) {
  return Compiler(instructions, row_capacity).compile(plan_blocks(network));
}

}  // namespace nib::cpu
