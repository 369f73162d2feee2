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
  Compiler(Instructions instructions, std::uint32_t rows, std::uint32_t portion)
      : instructions_(instructions), rows_(rows), portion_(portion) {}

  Program compile(const NetworkPlan& plan) {
    program_.spatial_blocks = spatial_blocks(plan);
    add_activation(image_extent(plan), false);
    for (const AnyBlockPlan& block : plan.blocks) {
      ActivationBuffer& from = *program_.activations.back();
      ActivationBuffer& to = add_activation(output_extent(block, from.extent), true);
      program_.blocks.push_back(std::visit([&](const auto& each) { return make(each, from, to); }, block));
    }
    return std::move(program_);
  }

 private:
  using MadeBlock = std::unique_ptr<Block>;

  ActivationBuffer& add_activation(const Extent& extent, bool with_gradients) {
    const RowRoom room = row_room(program_.activations.size(), program_.spatial_blocks, rows_, portion_);
    return *program_.activations.emplace_back(std::make_unique<ActivationBuffer>(extent, room, with_gradients));
  }

  MadeBlock make(const ConvolutionPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return image_convolution_fits(plan, from.extent, to.extent) ? make_image_convolution(instructions_, plan, from, to)
                                                                : make_convolution(instructions_, plan, from, to);
  }
  MadeBlock make(const MaxPoolPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_max_pool(plan, from, to);
  }
  MadeBlock make(const AveragePoolPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_average_pool(plan, from, to);
  }
  MadeBlock make(const DropoutPlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_dropout(plan, from, to);
  }
  MadeBlock make(const DensePlan& plan, ActivationBuffer& from, ActivationBuffer& to) const {
    return make_dense(instructions_, plan, from, to);
  }

  Instructions instructions_;
  std::uint32_t rows_, portion_;
  Program program_;
};

}  // namespace

NetworkPlan plan_blocks(const Network& network) { return make_plan(network, takes_pool); }

Extent image_extent(const NetworkPlan& plan) { return extent_of(plan.image, plan.image.channels); }

Extent output_extent(const AnyBlockPlan& block, const Extent& input) {
  return std::visit([&](const auto& each) { return output_of(each, input); }, block);
}

std::size_t spatial_blocks(const NetworkPlan& plan) {
  const auto dense = [](const AnyBlockPlan& block) { return std::holds_alternative<DensePlan>(block); };
  return static_cast<std::size_t>(std::ranges::find_if(plan.blocks, dense) - plan.blocks.begin());
}

RowRoom row_room(std::size_t index, std::size_t spatial_blocks, std::uint32_t rows, std::uint32_t portion) {
  return {.values = index < spatial_blocks ? portion : rows, .gradients = index <= spatial_blocks ? portion : rows};
}

void Program::begin_portion(std::uint32_t first_row) {
  for (std::size_t i = 0; i < spatial_blocks; ++i) activations[i]->first_value = first_row;
  for (std::size_t i = 0; i <= spatial_blocks; ++i) activations[i]->first_gradient = first_row;
}

Program compile(const Network& network, Instructions instructions, std::uint32_t rows, std::uint32_t portion) {
  return Compiler(instructions, rows, portion).compile(plan_blocks(network));
}

}  // namespace nib::cpu
