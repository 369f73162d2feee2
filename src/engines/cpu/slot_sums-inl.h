// The partial gradients of a convolution, one set a slot, their sum in a fixed order, and the update on the spot.
// Included once for each target.
#if defined(NIB_ENGINES_CPU_SLOT_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#undef NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#else
#define NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#endif

#include <algorithm>
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

  float bound(std::uint32_t slots) const {
    return *std::max_element(bounds_.begin(), bounds_.begin() + slots * tiles_) * static_cast<float>(slots);
  }

  /// Finishes the gradients of a tile's weights and biases.
  void update(std::uint32_t slots, std::uint32_t tile, ParameterStore& weights, ParameterStore& biases,
              const Update& update) const {
    for (std::size_t plane = 0; plane < planes_; ++plane)
      update_range(slots, begin(plane, tile), begin(plane, tile), tile_weights_, weights, update);
    const std::size_t channel = tile * kChannelTile;
    update_range(slots, weights_ + channel, channel, kChannelTile, biases, update);
  }

 private:
  /// Where a tile's weights of one plane begin.
  std::size_t begin(std::size_t plane, std::uint32_t tile) const { return (plane * tiles_ + tile) * tile_weights_; }

  /// The slots' sums at `offset`, added as a binary tree: neighbours first.
  HWY_INLINE Vec total(std::uint32_t slots, std::size_t offset) const {
    Vec sum[kSlots];
    for (std::uint32_t slot = 0; slot < slots; ++slot) sum[slot] = load(sums_.data() + slot * stride_ + offset);
    for (std::uint32_t step = 1; step < slots; step *= 2)
      for (std::uint32_t slot = 0; slot + step < slots; slot += 2 * step) sum[slot] = add(sum[slot], sum[slot + step]);
    return sum[0];
  }

  void update_range(std::uint32_t slots, std::size_t offset, std::size_t begin, std::size_t count,
                    ParameterStore& parameters, const Update& update) const {
    constexpr std::size_t kAtOnce = 64;
    alignas(64) float gradients[kAtOnce];
    for (std::size_t done = 0; done < count; done += kAtOnce) {
      const std::size_t some = std::min(kAtOnce, count - done);
      for (std::size_t i = 0; i < some; i += kLanes) store(total(slots, offset + done + i), gradients + i);
      update.finish(gradients, some, parameters, begin + done);
    }
  }

  std::uint32_t tiles_;
  std::size_t planes_;
  std::size_t tile_weights_, weights_, stride_;  ///< numbers of a tile's weights in a plane, of all, and of a slot
  Buffer<float> sums_;
  std::vector<float> bounds_;  ///< (slot, tile): the greatest absolute sum
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
