// The partial gradients of a convolution, one set a slot, their sum in a fixed order, and Adam on the spot. Included
// once for each target.
#if defined(NIB_ENGINES_CPU_SLOT_SUMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#undef NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#else
#define NIB_ENGINES_CPU_SLOT_SUMS_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstring>

#include "engines/cpu/block.h"
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class SlotSums {
 public:
  SlotSums(std::size_t weights, std::size_t biases)
      : weights_(weights), stride_(weights + biases), sums_(kSlots * (weights + biases)) {}

  float* weights(std::uint32_t slot) { return sums_.data() + slot * stride_; }
  float* biases(std::uint32_t slot) { return weights(slot) + weights_; }

  void clear(std::uint32_t slot) { std::memset(weights(slot), 0, stride_ * sizeof(float)); }

  /// Notes how large the slot's finished sums are.
  void finish(std::uint32_t slot) { bounds_[slot] = greatest_absolute(weights(slot), stride_); }

  float bound(std::uint32_t slots) const {
    return *std::max_element(bounds_.begin(), bounds_.begin() + slots) * static_cast<float>(slots);
  }

  /// Finishes `count` weight gradients from `begin` on, and the bias gradients likewise.
  void update_weights(std::uint32_t slots, std::size_t begin, std::size_t count, ParameterStore& parameters,
                      const Update& update) {
    update_range(slots, begin, begin, count, parameters, update);
  }
  void update_biases(std::uint32_t slots, std::size_t begin, std::size_t count, ParameterStore& parameters,
                     const Update& update) {
    update_range(slots, weights_ + begin, begin, count, parameters, update);
  }

 private:
  /// The slots' sums at `offset`, added as a binary tree: neighbours first.
  HWY_INLINE Vec total(std::uint32_t slots, std::size_t offset) const {
    Vec sum[kSlots];
    for (std::uint32_t slot = 0; slot < slots; ++slot) sum[slot] = load(sums_.data() + slot * stride_ + offset);
    for (std::uint32_t step = 1; step < slots; step *= 2)
      for (std::uint32_t slot = 0; slot + step < slots; slot += 2 * step) sum[slot] = add(sum[slot], sum[slot + step]);
    return sum[0];
  }

  void update_range(std::uint32_t slots, std::size_t offset, std::size_t begin, std::size_t count,
                    ParameterStore& parameters, const Update& update) {
    const AdamVectors step = adam_vectors(update.adam);
    float* const values = parameters.values.data() + begin;
    float* const first = parameters.first.data() + begin;
    float* const second = parameters.second.data() + begin;
    Poison poison;
    for (std::size_t i = 0; i < count; i += kLanes) {
      const Vec gradient = total(slots, offset + i);
      poison.note(update.apply ? adam(gradient, values + i, first + i, second + i, step)
                               : multiply(gradient, gradient));
    }
    if (!poison.finite()) *update.nonfinite = true;
  }

  std::size_t weights_, stride_;
  Buffer<float> sums_;
  std::array<float, kSlots> bounds_{};
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
