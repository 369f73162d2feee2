#include "engines/cpu/compile.h"

#include <algorithm>
#include <utility>

#include "model/plan.h"

namespace nib::cpu {
namespace {

bool takes_pool(const MaxPool& pool) { return pool.size == Size{2, 2} && pool.stride == Size{2, 2}; }

/// Maps the plan's blocks to this engine's, each bound to the activation that the one before it left.
class Compiler {
 public:
  Compiler(Instructions instructions, std::uint32_t row_capacity)
      : instructions_(instructions), row_capacity_(row_capacity) {}

  Program compile(const NetworkPlan& plan) {
    const Shape& image = plan.image;
    program_.activations.push_back(std::make_unique<ActivationBuffer>(
        Extent{image.height, image.width, image.channels, image.channels}, row_capacity_, false));
    for (const AnyBlockPlan& block : plan.blocks) std::visit([this](const auto& each) { add(each); }, block);
    program_.spatial_blocks = static_cast<std::size_t>(std::count_if(
        program_.blocks.begin(), program_.blocks.end(), [](const auto& block) { return block->spatial(); }));
    return std::move(program_);
  }

 private:
  ActivationBuffer& input() { return *program_.activations.back(); }

  ActivationBuffer& add_output(const Shape& shape, std::uint32_t channel_stride) {
    program_.activations.push_back(std::make_unique<ActivationBuffer>(
        Extent{shape.height, shape.width, shape.channels, channel_stride}, row_capacity_, true));
    return *program_.activations.back();
  }

  static std::uint32_t padded(std::uint32_t channels) {
    return static_cast<std::uint32_t>(round_up(channels, kChannelTile));
  }

  void add(const ConvolutionPlan& plan) {
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output(plan.output, padded(plan.layer.filters));
    const bool image = image_convolution_fits(plan, from, to);
    program_.blocks.push_back(image ? make_image_convolution(instructions_, plan, from, to)
                                    : make_convolution(instructions_, plan, from, to));
  }

  void add(const MaxPoolPlan& plan) {
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output(plan.output, from.extent.channel_stride);
    program_.blocks.push_back(make_max_pool(plan, from, to));
  }

  void add(const DropoutPlan& plan) {
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output(plan.output, from.extent.channel_stride);
    const bool spatial = std::ranges::all_of(program_.blocks, [](const auto& block) { return block->spatial(); });
    program_.blocks.push_back(make_dropout(plan, spatial, from, to));
  }

  void add(const DensePlan& plan) {
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output(plan.output, padded(plan.layer.units));
    program_.blocks.push_back(make_dense(instructions_, plan, from, to));
  }

  Instructions instructions_;
  std::uint32_t row_capacity_;
  Program program_;
};

}  // namespace

Program compile(const Network& network, Instructions instructions, std::uint32_t row_capacity) {
  return Compiler(instructions, row_capacity).compile(make_plan(network, takes_pool));
}

}  // namespace nib::cpu
