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
  std::size_t kernel_height, image_row;
  std::size_t runs, run, gap;  ///< of one kernel row: so many times so many floats, and what is left out behind each
  std::size_t across, down;    ///< from a window's first candidate to the one beside and below it
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
    const std::size_t across = shape.across, step = shape.run + shape.gap, end = shape.runs * step;
    for (std::size_t begin = 0; begin < end; begin += step) {
      for (std::size_t k = begin; k < begin + shape.run; ++k) {
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
      HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) taps[v] += shape.gap * kChannelTile;
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

/// What alive windows add to the sums of a kernel, in order: gradient * patch each.
struct PatchTerms {
  const float* image;
  std::size_t image_row, pixel;  ///< floats from one row, and from one pixel, to the next
  std::uint64_t alive;           ///< a bit for each window that adds something
  const float* gradients;        ///< of window i at i * 16
  const std::uint32_t* offsets;  ///< likewise: of its patch, from the image
};

/// Calls `add(gradient, patch)` for each alive window. Those of the next one are loaded ahead of the sums of this one,
/// which would wait for them otherwise.
template <typename Add>
HWY_INLINE void for_each_term(const PatchTerms& terms, const float* image, const Add& add) {
  std::uint64_t left = terms.alive;
  Vec next_gradient = broadcast(terms.gradients[first_bit(left) * kChannelTile]);
  const float* next_patch = image + terms.offsets[first_bit(left) * kChannelTile];
  while (left != 0) {
    Vec gradient = next_gradient;
    const float* const patch = next_patch;
    left &= left - 1;
    next_gradient = broadcast(terms.gradients[first_bit(left) * kChannelTile]);
    next_patch = image + terms.offsets[first_bit(left) * kChannelTile];
    keep_order(next_gradient, next_patch, gradient);
    add(gradient, patch);
  }
}

/// sums[v][y][x][16] += gradient * patch[y][x][v * kLanes], for a 3x3 kernel. `sums[v]` is where vector v's first sum
/// lies.
template <int kVectors>
HWY_INLINE void add_square_patches(const PatchTerms& terms, std::size_t channel, float* const (&sums)[kVectors]) {
  Vec sum[3][3][kVectors];
  HWY_UNROLL(32)
  for (int t = 0; t < 9; ++t) HWY_UNROLL(32)
  for (int v = 0; v < kVectors; ++v) sum[t / 3][t % 3][v] = load(sums[v] + t * static_cast<int>(kChannelTile));
  const std::size_t pixel = terms.pixel;
  for_each_term(terms, terms.image + channel, [&](Vec gradient, const float* patch) HWY_ATTR {
    HWY_UNROLL(32)
    for (int y = 0; y < 3; ++y) {
      const float* const line = own_register(patch + static_cast<std::size_t>(y) * terms.image_row);
      HWY_UNROLL(32)
      for (int x = 0; x < 3; ++x) HWY_UNROLL(32)
      for (int v = 0; v < kVectors; ++v)
        sum[y][x][v] =
            multiply_add(gradient, load(line + static_cast<std::size_t>(x) * pixel + v * kLanes), sum[y][x][v]);
    }
  });
  HWY_UNROLL(32)
  for (int t = 0; t < 9; ++t) HWY_UNROLL(32)
  for (int v = 0; v < kVectors; ++v) store(sum[t / 3][t % 3][v], sums[v] + t * static_cast<int>(kChannelTile));
}

/// The same for some taps of any kernel and one vector; tap_offset[t] is from a patch's first input to that of tap t.
template <int kTaps>
HWY_INLINE void add_patch_taps(const PatchTerms& terms, std::size_t channel, const std::uint32_t* tap_offset,
                               float* sums) {
  Vec sum[kTaps];
  HWY_UNROLL(32) for (std::size_t t = 0; t < kTaps; ++t) sum[t] = load(sums + t * kChannelTile);
  for_each_term(terms, terms.image + channel, [&](Vec gradient, const float* patch) HWY_ATTR {
    HWY_UNROLL(32)
    for (std::size_t t = 0; t < kTaps; ++t) sum[t] = multiply_add(gradient, load(patch + tap_offset[t]), sum[t]);
  });
  HWY_UNROLL(32) for (std::size_t t = 0; t < kTaps; ++t) store(sum[t], sums + t * kChannelTile);
}

// ---- gradients of the input ----

struct InputGradient {
  std::size_t plane_row;            ///< floats from one input row to the next; the next pixel is 16 on
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
  // The next channel's gradient is loaded ahead of this one's products, which would wait for it otherwise.
  const float* kernel = weights + first_bit(alive) * 9 * kChannelTile;
  Vec next_gradient = broadcast(gradients[first_bit(alive)]);
  for (std::uint64_t left = alive; left != 0;) {
    const float* const taps = kernel;
    Vec gradient = next_gradient;
    left &= left - 1;
    next_gradient = broadcast(gradients[first_bit(left)]);
    kernel = weights + first_bit(left) * 9 * kChannelTile;
    keep_order(next_gradient, kernel, gradient);
    HWY_UNROLL(32)
    for (int tap = 0; tap < 9; ++tap) {
      const int place = (tap / 3 + kY) * 4 + tap % 3 + kX;
      patch[place] = multiply_add(gradient, load(taps + static_cast<std::size_t>(tap) * kChannelTile), patch[place]);
    }
  }
}

/// add_to_position() for the four candidates of a 2x2 window of a 3x3 convolution with stride 1, while the 4x4 inputs
/// under it stay in registers.
inline void add_to_patch(const InputGradient& shape, const std::uint64_t* alive, const float* gradients,
                         const float* weights, float* target) {
  Vec patch[16];
  HWY_UNROLL(32)
  for (std::size_t i = 0; i < 16; ++i) patch[i] = load(target + i / 4 * shape.plane_row + i % 4 * kChannelTile);
  add_candidate<0, 0>(alive[0], gradients, weights, patch);
  add_candidate<0, 1>(alive[1], gradients, weights, patch);
  add_candidate<1, 0>(alive[2], gradients, weights, patch);
  add_candidate<1, 1>(alive[3], gradients, weights, patch);
  HWY_UNROLL(32)
  for (std::size_t i = 0; i < 16; ++i) store(patch[i], target + i / 4 * shape.plane_row + i % 4 * kChannelTile);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
