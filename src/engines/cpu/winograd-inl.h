// Winograd's F(2x2, 3x3) for a 3x3 convolution of stride 1 with 2x2 pooling behind it (Lavin and Gray: "Fast algorithms
// for convolutional neural networks", CVPR 2016): 16 products for the 4 candidates of a window in place of 36. One tile
// is one pooling window, so products are turned back, pooled and written without leaving the first cache. The results
// round differently from the direct sums, no worse in norm. Included once for each target.
#if defined(NIB_ENGINES_CPU_WINOGRAD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_WINOGRAD_INL_H_
#undef NIB_ENGINES_CPU_WINOGRAD_INL_H_
#else
#define NIB_ENGINES_CPU_WINOGRAD_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engines/cpu/block.h"
#include "engines/cpu/convolution_tiles-inl.h"
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class Winograd {
 public:
  /// Windows that are computed together.
  static constexpr int kGroup = kManyRegisters ? 12 : 6;

  Winograd(std::size_t inputs, std::size_t outputs)
      : inputs_(inputs), outputs_(outputs), weights_(kPlaces * inputs * outputs) {}

  /// Transforms the kernels of one tile of 16 output channels: G g G^T. `forward` is [tap][input][16].
  void transform_weights(std::size_t tile, const float* forward) {
    for (std::size_t in = 0; in < inputs_; ++in)
      for (std::size_t lane = 0; lane < kChannelTile; lane += kLanes) {
        Vec rows[4][3];  // G g
        HWY_UNROLL(32)
        for (std::size_t x = 0; x < 3; ++x) {
          const Vec g0 = load(forward + (x * inputs_ + in) * kChannelTile + lane);
          const Vec g1 = load(forward + ((3 + x) * inputs_ + in) * kChannelTile + lane);
          const Vec g2 = load(forward + ((6 + x) * inputs_ + in) * kChannelTile + lane);
          rows[0][x] = g0;
          rows[1][x] = multiply(broadcast(0.5f), add(add(g0, g2), g1));
          rows[2][x] = multiply(broadcast(0.5f), subtract(add(g0, g2), g1));
          rows[3][x] = g2;
        }
        const std::size_t channel = tile * kChannelTile + lane, begin = channel / kWide * kWide;
        const std::size_t width = std::min(kWide, outputs_ - begin), place = inputs_ * width;
        float* const to = weights_.data() + begin * kPlaces * inputs_ + in * width + (channel - begin);
        HWY_UNROLL(32)
        for (std::size_t y = 0; y < 4; ++y) {
          const Vec outer = add(rows[y][0], rows[y][2]);
          store(rows[y][0], to + (4 * y) * place);
          store(multiply(broadcast(0.5f), add(outer, rows[y][1])), to + (4 * y + 1) * place);
          store(multiply(broadcast(0.5f), subtract(outer, rows[y][1])), to + (4 * y + 2) * place);
          store(rows[y][2], to + (4 * y + 3) * place);
        }
      }
  }

  /// Floats that compute() needs to work in.
  std::size_t scratch_size() const { return kPlaces * kGroup * (inputs_ + outputs_); }

  /// Windows that are computed together: from[i] is the top left input of window i, to[i] where its outputs go.
  struct Group {
    const float* from[kGroup];
    std::size_t to[kGroup];
    int count = 0;
  };

  /// What all windows of a layer share.
  struct Layer {
    std::size_t image_row;  ///< floats from one row of the input to the next
    const float* bias;
    bool relu;
    float* outputs;
    std::int8_t* winners;
  };

  /// Outputs and winners of window i go to layer.outputs + to[i] and layer.winners + to[i].
  void compute(Layer layer, const Group& group, float* scratch) const {
    float* const products = scratch + kPlaces * kGroup * inputs_;
    for (int window = 0; window < group.count; ++window)
      transform_input(group.from[window], layer.image_row, scratch + static_cast<std::size_t>(window) * kChannelTile);
    std::size_t channel = 0;
    for (; channel + kWide <= outputs_; channel += kWide) multiply_places<2>(scratch, channel, products);
    if (channel < outputs_) multiply_places<1>(scratch, channel, products);
    for (int window = 0; window < group.count; ++window)
      for (channel = 0; channel < outputs_; channel += kLanes) {
        const std::size_t place = group.to[window] + channel;
        Vec candidates[4];
        transform_products(products + static_cast<std::size_t>(window) * outputs_ + channel, layer.bias + channel,
                           candidates);
        pool_candidates<4>(candidates, layer.relu, layer.outputs + place, layer.winners + place);
      }
  }

 private:
  static constexpr std::size_t kPlaces = 16;
  static constexpr std::size_t kWide = 2 * kLanes;  ///< outputs that are multiplied together

  /// B^T d B of a 4x4 patch, for all input channels: [place][input / 16][window][input % 16].
  void transform_input(const float* patch, std::size_t image_row, float* to) const {
    for (std::size_t channel = 0; channel < inputs_; channel += kLanes) {
      Vec rows[4][4];  // B^T d
      HWY_UNROLL(32)
      for (std::size_t x = 0; x < 4; ++x) {
        const float* const column = patch + x * inputs_ + channel;
        const Vec d0 = load(column), d1 = load(column + image_row);
        const Vec d2 = load(column + 2 * image_row), d3 = load(column + 3 * image_row);
        rows[0][x] = subtract(d0, d2);
        rows[1][x] = add(d1, d2);
        rows[2][x] = subtract(d2, d1);
        rows[3][x] = subtract(d1, d3);
      }
      const std::size_t place = kGroup * inputs_;
      HWY_UNROLL(32)
      for (std::size_t y = 0; y < 4; ++y) {
        float* const out = to + 4 * y * place + channel / kChannelTile * kGroup * kChannelTile + channel % kChannelTile;
        store(subtract(rows[y][0], rows[y][2]), out);
        store(add(rows[y][1], rows[y][2]), out + place);
        store(subtract(rows[y][2], rows[y][1]), out + 2 * place);
        store(subtract(rows[y][1], rows[y][3]), out + 3 * place);
      }
    }
  }

  /// products[place][window][output] = sum over inputs in ascending order. A group that is not full computes on what
  /// the scratch happens to hold; nobody reads it. Not inlined: constants that the compiler hoists out of the callers'
  /// loops would push weights out of the registers.
  template <int kVectors>
  HWY_NOINLINE void multiply_places(const float* transformed, std::size_t channel, float* products) const {
    const float* weights = weights_.data() + channel * kPlaces * inputs_;
    for (std::size_t place = 0; place < kPlaces; ++place) {
      Vec sums[kGroup][kVectors];
      HWY_UNROLL(32)
      for (int window = 0; window < kGroup; ++window) HWY_UNROLL(32)
      for (int v = 0; v < kVectors; ++v) sums[window][v] = zero();
      for (std::size_t tile = 0; tile < inputs_; tile += kChannelTile, transformed += kGroup * kChannelTile)
        for (std::size_t in = 0; in < kChannelTile; ++in, weights += kVectors * kLanes) {
          Vec w[kVectors];
          HWY_UNROLL(32)
          for (int v = 0; v < kVectors; ++v) w[v] = load(weights + static_cast<std::size_t>(v) * kLanes);
          HWY_UNROLL(32)
          for (int window = 0; window < kGroup; ++window) {
            const Vec number = broadcast(transformed[static_cast<std::size_t>(window) * kChannelTile + in]);
            HWY_UNROLL(32)
            for (int v = 0; v < kVectors; ++v) sums[window][v] = multiply_add(number, w[v], sums[window][v]);
          }
        }
      float* const to = products + place * kGroup * outputs_ + channel;
      HWY_UNROLL(32)
      for (int window = 0; window < kGroup; ++window) HWY_UNROLL(32)
      for (int v = 0; v < kVectors; ++v)
        store(sums[window][v], to + static_cast<std::size_t>(window) * outputs_ + static_cast<std::size_t>(v) * kLanes);
    }
  }

  /// A^T m A, and the bias.
  void transform_products(const float* products, const float* bias, Vec (&candidates)[4]) const {
    const std::size_t place = kGroup * outputs_;
    Vec rows[2][4];  // A^T m
    HWY_UNROLL(32)
    for (std::size_t x = 0; x < 4; ++x) {
      const Vec m0 = load(products + x * place), m1 = load(products + (4 + x) * place);
      const Vec m2 = load(products + (8 + x) * place), m3 = load(products + (12 + x) * place);
      rows[0][x] = add(add(m0, m1), m2);
      rows[1][x] = subtract(subtract(m1, m2), m3);
    }
    const Vec offset = load(bias);
    HWY_UNROLL(32)
    for (std::size_t y = 0; y < 2; ++y) {
      candidates[2 * y] = add(offset, add(add(rows[y][0], rows[y][1]), rows[y][2]));
      candidates[2 * y + 1] = add(offset, subtract(subtract(rows[y][1], rows[y][2]), rows[y][3]));
    }
  }

  std::size_t inputs_, outputs_;  ///< channels, padded
  Buffer<float> weights_;         ///< [output / kWide][place][input][output % kWide]
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
