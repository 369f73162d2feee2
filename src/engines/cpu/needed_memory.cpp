#include "engines/cpu/needed_memory.h"

#include <algorithm>
#include <variant>

#include "engines/cpu/compile.h"
#include "engines/cpu/convolution_geometry.h"
#include "engines/cpu/head.h"
#include "engines/cpu/ranks.h"
#include "engines/cpu/step.h"

namespace nib::cpu {
namespace {

constexpr std::uint64_t number_bytes = sizeof(float);

/// What a block takes beside its activations: memory of its own, and scratch of each thread. Where there are ranks,
/// also what it packs for them: of each row, and of each branch of the tree over the slots.
struct BlockMemory {
  std::uint64_t own = 0, scratch = 0, row = 0, branch = 0;
};

/// A block's input and output, for how many rows there is room in the latter, and how many moments are kept of each
/// parameter.
struct Place {
  Extent from, to;
  RowRoom room;
  std::uint64_t moments = 0;
};

// Each function follows its block's members.

/// Of Winograd's tiles, see winograd-inl.h: a number for each place of each size of tile that the windows need, for
/// each input and output.
BlockMemory memory_of_winograd(std::uint64_t inputs, const Extent& to) {
  constexpr std::uint64_t group = 6;  // tiles that are computed together, at least
  std::uint64_t places = 16;
  if (to.height >= 2 && to.width >= 2) places += 36;
  if (to.height >= 2 && to.width % 2 != 0) places += 24;
  if (to.height % 2 != 0 && to.width >= 2) places += 24;
  return {.own = places * inputs * to.channel_stride * number_bytes, .scratch = 36 * group * inputs * number_bytes};
}

/// Values, moments and their positions; what the passes read; a sum of gradients for each slot. Of each row who won,
/// and the input as the passes read it.
BlockMemory memory_of(const ConvolutionPlan& plan, const Place& place) {
  const ConvolutionGeometry geometry(plan, place.from, place.to);
  const std::uint64_t rows = place.room.gradients, outputs = place.to.channel_stride,
                      inputs = place.from.channel_stride;
  const bool winograd =
      !geometry.narrow && plan.pool && plan.layer.kernel == Size{3, 3} && plan.layer.stride == Size{1, 1};
  const std::uint64_t copies = 2 + place.moments + (geometry.narrow ? 0 : 1) + kSlots;
  BlockMemory memory = winograd ? memory_of_winograd(inputs, place.to) : BlockMemory{};
  memory.own += copies * outputs * geometry.taps * number_bytes + rows * place.to.size();
  if (image_convolution_fits(plan, place.from, place.to))
    memory.own += rows * geometry.windows * sizeof(std::uint16_t);
  else if (geometry.padded)
    memory.own += rows * geometry.image_size * number_bytes;
  memory.branch = (outputs * (geometry.taps + 1) + outputs / kChannelTile) * number_bytes;
  return memory;
}

/// Values, moments, their positions and a transposed copy. The update has a block of inputs of all rows at hand.
BlockMemory memory_of(const DensePlan& plan, const Place& place) {
  const std::uint64_t inputs = round_up(place.from.size(), kInputBlock), units = place.to.channel_stride;
  const std::uint64_t positions = std::uint64_t{plan.input.size()} * plan.layer.units;
  const std::uint64_t words = (units + 63) / 64 * sizeof(std::uint64_t);
  const auto packed = [](std::uint64_t bytes, bool side_by_side) {
    return side_by_side && bytes >= Ranks::wide_row ? 0 : bytes;
  };
  return {.own = ((2 + place.moments) * inputs * units + positions) * number_bytes,
          .scratch = std::uint64_t{place.room.values} * kInputBlock * number_bytes,
          .row = packed(inputs * number_bytes, true) + packed(units * number_bytes, units % kInputBlock == 0) +
                 packed(words, true) + 2 * number_bytes};
}

BlockMemory memory_of(const MaxPoolPlan&, const Place& place) {
  return {.own = place.room.gradients * place.to.size() * sizeof(std::uint32_t)};
}

BlockMemory memory_of(const AveragePoolPlan&, const Place&) { return {}; }

BlockMemory memory_of(const DropoutPlan&, const Place& place) {
  return {.own = place.room.gradients * place.to.size()};
}

}  // namespace

std::uint64_t needed_memory(const EngineOptions& options) {
  const Network& network = options.network;
  const NetworkPlan plan = plan_blocks(network);
  const unsigned threads = options.cpu.threads;
  const std::uint32_t rows = row_capacity(options.batch), portion = portion_rows(options.batch, threads);
  const std::size_t spatial = spatial_blocks(plan);
  const std::uint64_t moments = moment_names(options.optimizer).size();
  const std::uint64_t parameters_and_moments = 1 + moments;  // as they are handed in and out
  std::uint64_t bytes = number_bytes * parameters_and_moments * parameter_count(network) +
                        rows * (sizeof(RowResult) + class_count(network) * number_bytes);
  std::uint64_t scratch = 0, packed = options.batch * sizeof(RowResult);
  Place place{.from = {}, .to = image_extent(plan), .room = row_room(0, spatial, rows, portion), .moments = moments};
  bytes += number_bytes * place.room.values * place.to.size();
  for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
    place = {place.to, output_extent(plan.blocks[i], place.to), row_room(i + 1, spatial, rows, portion), moments};
    const BlockMemory memory = std::visit([&](const auto& each) { return memory_of(each, place); }, plan.blocks[i]);
    bytes += memory.own + number_bytes * (place.room.values + place.room.gradients) * place.to.size();
    scratch = std::max(scratch, memory.scratch);
    packed += options.batch * memory.row + kSlots * memory.branch;
  }
  return bytes + threads * scratch + (has_others(options) ? packed : 0);
}

}  // namespace nib::cpu
