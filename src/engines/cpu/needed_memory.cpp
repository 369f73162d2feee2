#include "engines/cpu/needed_memory.h"

#include <variant>

#include "engines/cpu/compile.h"
#include "engines/cpu/convolution_geometry.h"

namespace nib::cpu {
namespace {

constexpr std::uint64_t number_bytes = sizeof(float);

// What blocks keep beside their activations; each function follows its block's members.

/// Values, two moments and their positions; what the passes read; a sum of gradients for each slot.
std::uint64_t own_memory(const ConvolutionPlan& plan, const Extent& from, const Extent& to, std::uint64_t rows) {
  const bool narrow = from.channel_stride == 1;
  const std::uint64_t taps = std::uint64_t{plan.layer.kernel[0]} * plan.layer.kernel[1] * from.channel_stride;
  const std::uint64_t copies = 4 + (narrow ? 0 : 1) + kSlots;
  return copies * to.channel_stride * taps * number_bytes + rows * to.size();
}

/// Values, two moments, their positions and a transposed copy.
std::uint64_t own_memory(const DensePlan&, const Extent& from, const Extent& to, std::uint64_t) {
  return 5 * std::uint64_t{from.size()} * to.channel_stride * number_bytes;
}

std::uint64_t own_memory(const MaxPoolPlan&, const Extent&, const Extent& to, std::uint64_t rows) {
  return rows * to.size() * sizeof(std::uint32_t);
}

std::uint64_t own_memory(const AveragePoolPlan&, const Extent&, const Extent&, std::uint64_t) { return 0; }

std::uint64_t own_memory(const DropoutPlan&, const Extent&, const Extent& to, std::uint64_t rows) {
  return rows * to.size();
}

}  // namespace

std::uint64_t needed_memory(const Network& network, std::uint32_t rows) {
  const NetworkPlan plan = plan_blocks(network);
  constexpr std::uint64_t parameters_and_moments = 3;  // as they are handed in and out
  Extent from = image_extent(plan);
  std::uint64_t bytes =
      number_bytes * (parameters_and_moments * parameter_count(network) + std::uint64_t{rows} * from.size());
  for (const AnyBlockPlan& block : plan.blocks) {
    const Extent to = output_extent(block, from);
    bytes += std::visit([&](const auto& each) { return own_memory(each, from, to, rows); }, block);
    constexpr std::uint64_t values_and_gradients = 2;
    bytes += number_bytes * values_and_gradients * rows * to.size();
    from = to;
  }
  return bytes;
}

}  // namespace nib::cpu
