// The partial gradients of a convolution, one set a slot, their sum in a fixed order, and the update on the spot.
// Included once for each target.
#if defined(NIB_ENGINES_CPU_SLOT_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#undef NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#else
#define NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "engines/cpu/block.h"
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

/// For each slot the weights [plane][output channel][number], then a bias for each channel. Clearing, finishing and
/// updating go by tiles of 16 output channels.
class SlotSums {
 public:
  SlotSums(std::uint32_t channels, std::size_t channel_weights, std::size_t planes)
      : tiles_(channels / kChannelTile),
        planes_(planes),
        tile_weights_(kChannelTile * channel_weights / planes),
        weights_(channels * channel_weights),
        stride_(weights_ + channels),
        sums_(kSlots * stride_),
        bounds_(kSlots * std::size_t{tiles_}) {}

  std::uint32_t tiles() const { return tiles_; }
  float* weights(std::uint32_t slot) { return sums_.data() + slot * stride_; }
  float* biases(std::uint32_t slot) { return weights(slot) + weights_; }

  void clear(std::uint32_t slot, Rows tiles) {
    for (std::uint32_t tile = tiles.begin; tile < tiles.end; ++tile) {
      for (std::size_t plane = 0; plane < planes_; ++plane)
        std::memset(weights(slot) + begin(plane, tile), 0, tile_weights_ * sizeof(float));
      std::memset(biases(slot) + tile * kChannelTile, 0, kChannelTile * sizeof(float));
    }
  }

  /// Notes how large the finished sums are.
  void finish(std::uint32_t slot, Rows tiles) {
    for (std::uint32_t tile = tiles.begin; tile < tiles.end; ++tile) {
      float& bound = bounds_[slot * tiles_ + tile];
      bound = greatest_absolute(biases(slot) + tile * kChannelTile, kChannelTile);
      for (std::size_t plane = 0; plane < planes_; ++plane)
        bound = std::max(bound, greatest_absolute(weights(slot) + begin(plane, tile), tile_weights_));
    }
  }

  float bound(const Step& step) const {
    float greatest = 0;
    if (step.branches == nullptr)
      greatest = *std::max_element(bounds_.begin(), bounds_.begin() + step.slots * tiles_);
    else
      for (std::uint32_t i = 0; i < step.tree.inputs; ++i) {
        const float* const bounds = step.branches->all[i] + place_ + stride_;
        greatest = std::max(greatest, *std::max_element(bounds, bounds + tiles_));
      }
    return greatest * static_cast<float>(step.slots);
  }

  /// Finishes the gradients of a tile's weights and biases.
  void update(const Step& step, std::uint32_t tile, ParameterStore& weights, ParameterStore& biases,
              const Update& update) {
    Inputs inputs;
    for (std::uint32_t i = 0; i < step.tree.inputs; ++i)
      inputs[i] = step.branches == nullptr ? this->weights(i) : step.branches->all[i] + place_;
    for (std::size_t plane = 0; plane < planes_; ++plane)
      update_range(step.tree, inputs, begin(plane, tile), begin(plane, tile), tile_weights_, weights, update);
    const std::size_t channel = tile * kChannelTile;
    update_range(step.tree, inputs, weights_ + channel, channel, kChannelTile, biases, update);
  }

  /// In the records of branches: the sums, and behind them a bound for each tile.
  std::size_t take_place(std::size_t begin) {
    place_ = begin;
    return round_up(stride_ + tiles_, kChannelTile);
  }

  /// Adds up a tile of the rank's slots.
  void add_branches(const Branches& branches, std::uint32_t tile) {
    const SlotTree& tree = branches.own_tree;
    Inputs inputs;
    float bound = 0;
    for (std::uint32_t i = 0; i < tree.inputs; ++i) {
      const std::uint32_t slot = branches.own_slots.begin + i;
      inputs[i] = weights(slot);
      bound = std::max(bound, bounds_[slot * tiles_ + tile]);
    }
    const auto add_range = [&](std::size_t offset, std::size_t count) HWY_ATTR {
      for (std::size_t end = offset + count; offset < end; offset += kLanes) {
        Vec sum[kSlots];
        add_up(tree, inputs, offset, sum);
        for (std::uint32_t root = 0; root < tree.root_count; ++root)
          store(sum[tree.roots[root]], branches.own[root] + place_ + offset);
      }
    };
    for (std::size_t plane = 0; plane < planes_; ++plane) add_range(begin(plane, tile), tile_weights_);
    add_range(weights_ + tile * kChannelTile, kChannelTile);
    for (std::uint32_t root = 0; root < tree.root_count; ++root) branches.own[root][place_ + stride_ + tile] = bound;
  }

 private:
  /// Where the sums of each of a tree's inputs begin.
  using Inputs = std::array<const float*, kSlots>;

  /// Where a tile's weights of one plane begin.
  std::size_t begin(std::size_t plane, std::uint32_t tile) const { return (plane * tiles_ + tile) * tile_weights_; }

  /// Does a tree's additions for the sums at `offset`.
  static HWY_INLINE void add_up(const SlotTree& tree, const Inputs& inputs, std::size_t offset, Vec (&sum)[kSlots]) {
    const std::uint32_t count = tree.inputs;
    for (std::uint32_t i = 0; i < count; ++i) sum[i] = load(inputs[i] + offset);
    if (tree.whole) {
      for (std::uint32_t width = 1; width < count; width *= 2)
        for (std::uint32_t i = 0; i + width < count; i += 2 * width) sum[i] = add(sum[i], sum[i + width]);
      return;
    }
    for (std::uint32_t i = 0; i < tree.addition_count; ++i) {
      const auto [to, from] = tree.additions[i];
      sum[to] = add(sum[to], sum[from]);
    }
  }

  static void update_range(const SlotTree& tree, const Inputs& inputs, std::size_t offset, std::size_t begin,
                           std::size_t count, ParameterStore& parameters, const Update& update) {
    constexpr std::size_t kAtOnce = 64;
    alignas(64) float gradients[kAtOnce];
    for (std::size_t done = 0; done < count; done += kAtOnce) {
      const std::size_t some = std::min(kAtOnce, count - done);
      for (std::size_t i = 0; i < some; i += kLanes) {
        Vec sum[kSlots];
        add_up(tree, inputs, offset + done + i, sum);
        store(sum[0], gradients + i);
      }
      update.finish(gradients, some, parameters, begin + done);
    }
  }

  std::uint32_t tiles_;
  std::size_t planes_;
  std::size_t tile_weights_, weights_, stride_;  ///< numbers of a tile's weights in a plane, of all, and of a slot
  std::size_t place_ = 0;                        ///< in the records of branches
  Buffer<float> sums_;
  std::vector<float> bounds_;  ///< (slot, tile): the greatest absolute sum
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
