// The inner loops of a convolution, on pointers: what convolution.cpp arranges, these compute. Included once for each
// target.
#if defined(NIB_ENGINES_CPU_CONVOLUTION_TILES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_CONVOLUTION_TILES_INL_H_
#undef NIB_ENGINES_CPU_CONVOLUTION_TILES_INL_H_
#else
#define NIB_ENGINES_CPU_CONVOLUTION_TILES_INL_H_
#endif

#include <bit>
#include <cstddef>
#include <cstdint>

#include "engines/cpu/block.h"
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

// ---- forward ----

struct TileShape {
  std::size_t kernel_height, run, image_row;  ///< run: floats of one kernel row
  std::size_t across, down;                   ///< from a window's first candidate to the one beside and below it
};

/// For each vector of output channels, where its weights of the first tap lie (the next tap is 16 floats on), and its
/// biases.
template <int kVectors>
struct TileWeights {
  const float* taps[kVectors];
  const float* bias[kVectors];
};

/// sums[window x candidate][vector]: bias, then all taps in order.
template <int kVectors, int kWindows, int kCandidates>
HWY_INLINE void sum_tile(const TileShape& shape, const TileWeights<kVectors>& weights, const float* const* from,
                         Vec (&sums)[kWindows * kCandidates][kVectors]) {
  HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) {
    const Vec bias = load(weights.bias[v]);
    HWY_UNROLL(32) for (int i = 0; i < kWindows * kCandidates; ++i) sums[i][v] = bias;
  }
  const float* taps[kVectors];
  HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) taps[v] = weights.taps[v];
  for (std::size_t y = 0; y < shape.kernel_height; ++y) {
    const float* upper[kWindows];
    const float* lower[kWindows];
    HWY_UNROLL(32) for (int window = 0; window < kWindows; ++window) {
      upper[window] = from[window] + y * shape.image_row;
      lower[window] = upper[window] + shape.down;
    }
    const std::size_t across = shape.across;
    for (std::size_t k = 0; k < shape.run; ++k) {
      Vec w[kVectors];
      HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) {
        w[v] = load(taps[v]);
        taps[v] += kChannelTile;
      }
      HWY_UNROLL(32) for (int window = 0; window < kWindows; ++window) {
        if constexpr (kCandidates == 1) {
          const Vec x = broadcast(upper[window][k]);
          HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) sums[window][v] = multiply_add(x, w[v], sums[window][v]);
        } else {
          const Vec x[4] = {broadcast(upper[window][k]), broadcast(upper[window][k + across]),
                            broadcast(lower[window][k]), broadcast(lower[window][k + across])};
          HWY_UNROLL(32)
          for (int c = 0; c < 4; ++c) HWY_UNROLL(32)
          for (int v = 0; v < kVectors; ++v)
            sums[window * 4 + c][v] = multiply_add(x[c], w[v], sums[window * 4 + c][v]);
        }
      }
    }
  }
}

/// Max-pool over the candidates, then relu if asked for: writes the output and the winner. A candidate that is not
/// finite makes the output NaN, which comparisons alone would lose.
template <int kCandidates>
HWY_INLINE void pool_candidates(const Vec (&candidates)[kCandidates], bool relu, float* output, std::int8_t* winner) {
  Vec best = candidates[0], won = zero();
  if constexpr (kCandidates > 1) {
    Vec poison = multiply(candidates[0], zero());
    HWY_UNROLL(32) for (int c = 1; c < kCandidates; ++c) {
      const Mask more = greater(candidates[c], best);
      best = select(more, candidates[c], best);
      won = select(more, broadcast(static_cast<float>(c)), won);
      poison = multiply_add(candidates[c], zero(), poison);
    }
    best = add(best, poison);
  }
  if (relu) {
    won = select(greater(best, zero()), won, broadcast(-1.0f));
    best = select(greater(zero(), best), zero(), best);
  }
  store(best, output);
  store_as_bytes(won, winner);
}

// ---- gradients of the weights ----

/// Up to 32 windows of one image as one output channel sees them.
struct AliveWindows {
  std::uint32_t alive;  ///< bit i: the gradient of window i goes to its winner
  const float* image;
  std::size_t image_row;
  const std::uint32_t* window_offset;
  const std::uint32_t* candidate_offset;
  const std::int8_t* winner;  ///< window i at [i * channels]
  const float* gradient;      ///< likewise
  std::size_t channels;
};

/// kRows x kVectors sums stay in registers while the alive windows pass by.
template <int kRows, int kVectors>
HWY_INLINE void add_patch_part(const AliveWindows& windows, std::size_t offset, std::size_t run, float* sums) {
  Vec sum[kRows][kVectors];
  HWY_UNROLL(32)
  for (int r = 0; r < kRows; ++r) HWY_UNROLL(32)
  for (int v = 0; v < kVectors; ++v)
    sum[r][v] = load(sums + static_cast<std::size_t>(r) * run + static_cast<std::size_t>(v) * kLanes);
  for (std::uint32_t left = windows.alive; left != 0; left &= left - 1) {
    const auto window = static_cast<std::size_t>(std::countr_zero(left));
    const std::size_t place = window * windows.channels;
    const Vec gradient = broadcast(windows.gradient[place]);
    const float* const patch =
        windows.image + windows.window_offset[window] + windows.candidate_offset[windows.winner[place]] + offset;
    HWY_UNROLL(32)
    for (int r = 0; r < kRows; ++r) HWY_UNROLL(32)
    for (int v = 0; v < kVectors; ++v)
      sum[r][v] = multiply_add(
          gradient,
          load(patch + static_cast<std::size_t>(r) * windows.image_row + static_cast<std::size_t>(v) * kLanes),
          sum[r][v]);
  }
  HWY_UNROLL(32)
  for (int r = 0; r < kRows; ++r) HWY_UNROLL(32)
  for (int v = 0; v < kVectors; ++v)
    store(sum[r][v], sums + static_cast<std::size_t>(r) * run + static_cast<std::size_t>(v) * kLanes);
}

/// sums[y][run] += gradient * patch[y][run] over the alive windows in ascending order; `run` is a multiple of 16.
inline void add_patches(const AliveWindows& windows, std::size_t kernel_height, std::size_t run, float* sums) {
  constexpr int kMany = kManyRegisters ? 6 : 12;
  if (kManyRegisters && kernel_height == 3 && run == 6 * kLanes) {
    add_patch_part<kManyRegisters ? 3 : 1, 6>(windows, 0, run, sums);
    return;
  }
  for (std::size_t y = 0; y < kernel_height; ++y) {
    std::size_t x = 0;
    for (; x + kMany * kLanes <= run; x += kMany * kLanes)
      add_patch_part<1, kMany>(windows, y * windows.image_row + x, run, sums + y * run + x);
    for (; x < run; x += kChannelTile)
      add_patch_part<1, kChannelTile / kLanes>(windows, y * windows.image_row + x, run, sums + y * run + x);
  }
}

// ---- gradients of the input ----

struct InputGradient {
  std::size_t image_row, channels;  ///< floats from one input row, and from one input pixel, to the next
  const std::uint32_t* tap_offset;  ///< from a position's first input to that of each (kernel row, column)
  std::size_t tap_count;            ///< the weights of an output channel are [tap][16]
};

template <int kTaps>
HWY_INLINE void add_to_taps(const InputGradient& shape, std::size_t tap, std::uint64_t alive, const float* gradients,
                            const float* weights, float* target) {
  Vec sum[kTaps];
  HWY_UNROLL(32)
  for (int t = 0; t < kTaps; ++t) sum[t] = load(target + shape.tap_offset[tap + static_cast<std::size_t>(t)]);
  for (std::uint64_t left = alive; left != 0; left &= left - 1) {
    const auto out = static_cast<std::size_t>(std::countr_zero(left));
    const Vec gradient = broadcast(gradients[out]);
    const float* const kernel = weights + (out * shape.tap_count + tap) * kChannelTile;
    HWY_UNROLL(32)
    for (int t = 0; t < kTaps; ++t)
      sum[t] = multiply_add(gradient, load(kernel + static_cast<std::size_t>(t) * kChannelTile), sum[t]);
  }
  HWY_UNROLL(32)
  for (int t = 0; t < kTaps; ++t) store(sum[t], target + shape.tap_offset[tap + static_cast<std::size_t>(t)]);
}

/// Adds what one position of the convolution sends back to one vector of input channels: over its alive output channels
/// in ascending order (bit i of `alive`), gradient * kernel, to the inputs from `target` on.
inline void add_to_position(const InputGradient& shape, std::uint64_t alive, const float* gradients,
                            const float* weights, float* target) {
  std::size_t tap = 0;
  for (; tap + 9 <= shape.tap_count; tap += 9) add_to_taps<9>(shape, tap, alive, gradients, weights, target);
  for (; tap + 3 <= shape.tap_count; tap += 3) add_to_taps<3>(shape, tap, alive, gradients, weights, target);
  for (; tap < shape.tap_count; ++tap) add_to_taps<1>(shape, tap, alive, gradients, weights, target);
}

template <int kY, int kX>
HWY_INLINE void add_candidate(std::uint64_t alive, const float* gradients, const float* weights, Vec (&patch)[16]) {
  for (std::uint64_t left = alive; left != 0; left &= left - 1) {
    const auto out = static_cast<std::size_t>(std::countr_zero(left));
    const Vec gradient = broadcast(gradients[out]);
    const float* const kernel = weights + out * 9 * kChannelTile;
    HWY_UNROLL(32)
    for (int tap = 0; tap < 9; ++tap) {
      const int place = (tap / 3 + kY) * 4 + tap % 3 + kX;
      patch[place] = multiply_add(gradient, load(kernel + static_cast<std::size_t>(tap) * kChannelTile), patch[place]);
    }
  }
}

/// add_to_position() for the four candidates of a 2x2 window of a 3x3 convolution with stride 1, while the 4x4 inputs
/// under it stay in registers.
inline void add_to_patch(const InputGradient& shape, const std::uint64_t* alive, const float* gradients,
                         const float* weights, float* target) {
  Vec patch[16];
  HWY_UNROLL(32)
  for (std::size_t i = 0; i < 16; ++i) patch[i] = load(target + i / 4 * shape.image_row + i % 4 * shape.channels);
  add_candidate<0, 0>(alive[0], gradients, weights, patch);
  add_candidate<0, 1>(alive[1], gradients, weights, patch);
  add_candidate<1, 0>(alive[2], gradients, weights, patch);
  add_candidate<1, 1>(alive[3], gradients, weights, patch);
  HWY_UNROLL(32)
  for (std::size_t i = 0; i < 16; ++i) store(patch[i], target + i / 4 * shape.image_row + i % 4 * shape.channels);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
