#include "engines/cpu/needed_memory.h"

#include <variant>

#include "engines/cpu/compile.h"
#include "engines/cpu/convolution_geometry.h"

namespace nib::cpu {
namespace {

constexpr std::uint64_t number_bytes = sizeof(float);

// What blocks keep beside their activations; each function follows its block's members.

/// Of a block with the moments that are kept of each parameter.
struct Sizes {
  std::uint64_t rows, moments;
};

/// Values, moments and their positions; what the passes read, Winograd's tiles (winograd-inl.h) 100 numbers for 9; a
/// sum of gradients for each slot.
std::uint64_t own_memory(const ConvolutionPlan& plan, const Extent& from, const Extent& to, const Sizes& sizes) {
  const bool narrow = from.channel_stride == 1;
  const std::uint64_t taps = std::uint64_t{plan.layer.kernel[0]} * plan.layer.kernel[1] * from.channel_stride;
  const bool winograd = !narrow && plan.pool && plan.layer.kernel == Size{3, 3} && plan.layer.stride == Size{1, 1};
  const std::uint64_t copies = 2 + sizes.moments + (narrow ? 0 : 1) + (winograd ? 11 : 0) + kSlots;
  return copies * to.channel_stride * taps * number_bytes + sizes.rows * to.size();
}

/// Values, moments, their positions and a transposed copy.
std::uint64_t own_memory(const DensePlan&, const Extent& from, const Extent& to, const Sizes& sizes) {
  return (3 + sizes.moments) * from.size() * to.channel_stride * number_bytes;
}

std::uint64_t own_memory(const MaxPoolPlan&, const Extent&, const Extent& to, const Sizes& sizes) {
  return sizes.rows * to.size() * sizeof(std::uint32_t);
}

std::uint64_t own_memory(const AveragePoolPlan&, const Extent&, const Extent&, const Sizes&) { return 0; }

std::uint64_t own_memory(const DropoutPlan&, const Extent&, const Extent& to, const Sizes& sizes) {
  return sizes.rows * to.size();
}

}  // namespace

std::uint64_t needed_memory(const Network& network, std::uint32_t rows, std::size_t moments) {
  const NetworkPlan plan = plan_blocks(network);
  const std::uint64_t parameters_and_moments = 1 + moments;  // as they are handed in and out
  Extent from = image_extent(plan);
  std::uint64_t bytes =
      number_bytes * (parameters_and_moments * parameter_count(network) + std::uint64_t{rows} * from.size());
  for (const AnyBlockPlan& block : plan.blocks) {
    const Extent to = output_extent(block, from);
    bytes += std::visit([&](const auto& each) { return own_memory(each, from, to, {rows, moments}); }, block);
    constexpr std::uint64_t values_and_gradients = 2;
    bytes += number_bytes * values_and_gradients * rows * to.size();
    from = to;
  }
  return bytes;
}

}  // namespace nib::cpu
