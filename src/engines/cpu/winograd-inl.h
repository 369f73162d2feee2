// Winograd's minimal filtering for a 3x3 convolution of stride 1 with 2x2 pooling behind it (Lavin and Gray: "Fast
// algorithms for convolutional neural networks", CVPR 2016). A tile is one or two pooling windows high and wide, so
// that no candidate is computed in vain: 16 products for the 4 candidates of one window in place of 36, 36 for the 16
// of 2x2 windows in place of 144. Products are turned back, pooled and written without leaving the near caches. The
// results round differently from the direct sums; in norm their error is twice as large. Included once for each target.
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
#include "engines/cpu/convolution_geometry.h"
#include "engines/cpu/convolution_tiles-inl.h"
#include "engines/cpu/simd-inl.h"
#include "engines/cpu/winograd_line-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class Winograd {
 public:
  Winograd(const ConvolutionGeometry& geometry, const Extent& input, const Extent& output)
      : geometry_(geometry),
        inputs_(input.channel_stride),
        outputs_(output.channel_stride),
        high_(output.height),
        wide_(output.width) {
    make_weights<6, 6>(high_ >= 2 && wide_ >= 2);
    make_weights<6, 4>(high_ >= 2 && wide_ % 2 != 0);
    make_weights<4, 6>(high_ % 2 != 0 && wide_ >= 2);
    make_weights<4, 4>(true);
  }

  /// Transforms the kernels of one tile of 16 output channels: G g G^T. `forward` is [tap][input][16].
  void transform_weights(std::size_t tile, const float* forward) {
    transform_kernels<6, 6>(tile, forward);
    transform_kernels<6, 4>(tile, forward);
    transform_kernels<4, 6>(tile, forward);
    transform_kernels<4, 4>(tile, forward);
  }

  /// Floats that forward() needs to work in.
  std::size_t scratch_size() const { return 36 * kGroup * (inputs_ + kWide); }

  /// The layer's batch, and what is done behind the sums.
  struct Batch {
    const float* images;
    std::size_t image_stride;
    const float* bias;
    bool relu;
    float* outputs;
    std::int8_t* winners;
    std::size_t output_stride;  ///< of outputs and winners
  };

  void forward(const Batch& batch, Rows rows, float* scratch) const {
    Group single_windows;
    add_tiles<6, 6>(batch, rows, single_windows, scratch);
    add_tiles<6, 4>(batch, rows, single_windows, scratch);
    add_tiles<4, 6>(batch, rows, single_windows, scratch);
    add_tiles<4, 4>(batch, rows, single_windows, scratch);
    compute<4, 4>(batch, single_windows, scratch);
  }

 private:
  static constexpr int kGroup = kManyRegisters ? 8 : 6;  ///< tiles that are computed together
  static constexpr std::size_t kWide = 2 * kLanes;       ///< outputs that are multiplied together

  /// The windows, of so many in a row or column, that tiles of this size take: pairs, or the last one.
  template <int kPoints>
  static Rows tiles(std::uint32_t windows) {
    return kPoints == 6 ? Rows{0, windows / 2 * 2} : Rows{windows / 2 * 2, windows};
  }

  /// Tiles have 6 numbers of the input under them for two windows, 4 for one, down and across: kY x kX.
  template <int kY, int kX>
  void make_weights(bool needed) {
    if (needed) weights_[kY / 6][kX / 6] = Buffer<float>(kY * kX * inputs_ * outputs_);
  }

  struct Group {
    const float* from[kGroup];  ///< the first input under a tile
    std::size_t to[kGroup];     ///< where its first window's outputs go
    int count = 0;
  };

  template <int kY, int kX>
  void take(const Batch& batch, std::uint32_t row, std::size_t window, Group& group, float* scratch) const {
    group.from[group.count] = batch.images + row * batch.image_stride + geometry_.window_offset[window];
    group.to[group.count] = row * batch.output_stride + window * outputs_;
    if (++group.count == kGroup) compute<kY, kX>(batch, group, scratch);
  }

  /// All tiles of one size. Where a candidate sees nothing but zeros, its sum has to be the bias to the bit: with a
  /// bias of zero, relu must find it dead, or units come alive that have no input. Large tiles only come near, so such
  /// a place is left to `single_windows`.
  template <int kY, int kX>
  void add_tiles(const Batch& batch, Rows rows, Group& single_windows, float* scratch) const {
    constexpr std::uint32_t kHigh = kY / 2 - 1, kAcross = kX / 2 - 1;
    const Rows down = tiles<kY>(high_), across = tiles<kX>(wide_);
    Group group;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row)
      for (std::uint32_t y = down.begin; y < down.end; y += kHigh)
        for (std::uint32_t x = across.begin; x < across.end; x += kAcross) {
          const std::size_t window = std::size_t{y} * wide_ + x;
          if (kHigh * kAcross == 1 ||
              !middle_has_zeros<kY, kX>(batch.images + row * batch.image_stride + geometry_.window_offset[window])) {
            take<kY, kX>(batch, row, window, group, scratch);
            continue;
          }
          for (std::uint32_t i = 0; i < kHigh * kAcross; ++i)
            take<4, 4>(batch, row, window + i / kAcross * wide_ + i % kAcross, single_windows, scratch);
        }
    compute<kY, kX>(batch, group, scratch);
  }

  /// Whether a pixel in the middle of a tile is zero in all channels: each candidate sees one of them.
  template <int kY, int kX>
  bool middle_has_zeros(const float* patch) const {
    for (std::size_t y = kY / 2 - 1; y < kY - 2; ++y)
      for (std::size_t x = kX / 2 - 1; x < kX - 2; ++x) {
        const float* const pixel = patch + y * geometry_.image_row + x * inputs_;
        std::size_t channel = 0;
        while (channel < inputs_ && nonzero_lanes(pixel + channel) == 0) channel += kLanes;
        if (channel >= inputs_) return true;
      }
    return false;
  }

  /// Computes a group and empties it.
  template <int kY, int kX>
  void compute(const Batch& batch, Group& group, float* scratch) const {
    if (group.count == 0) return;
    float* const products = scratch + kY * kX * kGroup * inputs_;
    for (int tile = 0; tile < group.count; ++tile)
      transform_input<kY, kX>(group.from[tile], scratch + static_cast<std::size_t>(tile) * kChannelTile);
    for (std::size_t channel = 0; channel < outputs_; channel += kWide) {
      const float* const kernels = weights_[kY / 6][kX / 6].data() + channel * kY * kX * inputs_;
      const bool whole = channel + kWide <= outputs_;
      if (whole)
        multiply_places<2>(kY * kX, kernels, scratch, products);
      else
        multiply_places<1>(kY * kX, kernels, scratch, products);
      for (int tile = 0; tile < group.count; ++tile)
        for (std::size_t lane = 0; lane < (whole ? kWide : kLanes); lane += kLanes)
          finish<kY, kX>(batch, group.to[tile], channel + lane,
                         products + static_cast<std::size_t>(tile) * kWide + lane);
    }
    group.count = 0;
  }

  template <int kY, int kX>
  void transform_kernels(std::size_t tile, const float* forward) {
    float* const weights = weights_[kY / 6][kX / 6].data();
    if (weights == nullptr) return;
    for (std::size_t in = 0; in < inputs_; ++in)
      for (std::size_t lane = 0; lane < kChannelTile; lane += kLanes) {
        Vec columns[3][kY];
        HWY_UNROLL(32)
        for (std::size_t x = 0; x < 3; ++x) {
          Vec g[3];
          HWY_UNROLL(32)
          for (std::size_t y = 0; y < 3; ++y) g[y] = load(forward + ((3 * y + x) * inputs_ + in) * kChannelTile + lane);
          WinogradLine<kY>::kernel(g, columns[x]);
        }
        const std::size_t channel = tile * kChannelTile + lane, begin = channel / kWide * kWide;
        const std::size_t width = std::min(kWide, outputs_ - begin), place = inputs_ * width;
        float* const to = weights + begin * kY * kX * inputs_ + in * width + (channel - begin);
        HWY_UNROLL(32)
        for (std::size_t y = 0; y < kY; ++y) {
          const Vec g[3] = {columns[0][y], columns[1][y], columns[2][y]};
          Vec line[kX];
          WinogradLine<kX>::kernel(g, line);
          HWY_UNROLL(32) for (std::size_t x = 0; x < kX; ++x) store(line[x], to + (y * kX + x) * place);
        }
      }
  }

  /// B^T d B of a tile, for all input channels: [place][input / 16][tile][input % 16].
  template <int kY, int kX>
  HWY_NOINLINE void transform_input(const float* from, float* to) const {
    for (std::size_t channel = 0; channel < inputs_; channel += kLanes) {
      Vec columns[kX][kY];
      HWY_UNROLL(32)
      for (std::size_t x = 0; x < kX; ++x) {
        Vec d[kY];
        HWY_UNROLL(32)
        for (std::size_t y = 0; y < kY; ++y) d[y] = load(from + y * geometry_.image_row + x * inputs_ + channel);
        WinogradLine<kY>::input(d, columns[x]);
      }
      float* const out = to + channel / kChannelTile * kGroup * kChannelTile + channel % kChannelTile;
      HWY_UNROLL(32)
      for (std::size_t y = 0; y < kY; ++y) {
        Vec d[kX], line[kX];
        HWY_UNROLL(32) for (std::size_t x = 0; x < kX; ++x) d[x] = columns[x][y];
        WinogradLine<kX>::input(d, line);
        HWY_UNROLL(32) for (std::size_t x = 0; x < kX; ++x) store(line[x], out + (y * kX + x) * kGroup * inputs_);
      }
    }
  }

  /// products[place][tile][kWide] = sum over inputs in ascending order. A group that is not full computes on what the
  /// scratch happens to hold; nobody reads it. Not inlined: constants that the compiler hoists out of the callers'
  /// loops would push weights out of the registers.
  template <int kVectors>
  HWY_NOINLINE void multiply_places(int places, const float* kernels, const float* transformed, float* products) const {
    for (int place = 0; place < places; ++place, products += kGroup * kWide) {
      Vec sums[kGroup][kVectors];
      HWY_UNROLL(32)
      for (int tile = 0; tile < kGroup; ++tile) HWY_UNROLL(32)
      for (int v = 0; v < kVectors; ++v) sums[tile][v] = zero();
      for (std::size_t input = 0; input < inputs_; input += kChannelTile, transformed += kGroup * kChannelTile)
        for (std::size_t in = 0; in < kChannelTile; ++in, kernels += kVectors * kLanes) {
          Vec w[kVectors];
          HWY_UNROLL(32)
          for (int v = 0; v < kVectors; ++v) w[v] = load(kernels + v * kLanes);
          HWY_UNROLL(32)
          for (int tile = 0; tile < kGroup; ++tile) {
            const Vec number = broadcast(transformed[static_cast<std::size_t>(tile) * kChannelTile + in]);
            HWY_UNROLL(32)
            for (int v = 0; v < kVectors; ++v) sums[tile][v] = multiply_add(number, w[v], sums[tile][v]);
          }
        }
      HWY_UNROLL(32)
      for (int tile = 0; tile < kGroup; ++tile) HWY_UNROLL(32)
      for (int v = 0; v < kVectors; ++v)
        store(sums[tile][v], products + static_cast<std::size_t>(tile) * kWide + v * kLanes);
    }
  }

  /// A^T m A, the bias, and pooling, for one vector of outputs.
  template <int kY, int kX>
  HWY_INLINE void finish(const Batch& batch, std::size_t to, std::size_t channel, const float* products) const {
    Vec columns[kX][kY - 2];
    HWY_UNROLL(32)
    for (std::size_t x = 0; x < kX; ++x) {
      Vec m[kY];
      HWY_UNROLL(32) for (std::size_t y = 0; y < kY; ++y) m[y] = load(products + (y * kX + x) * kGroup * kWide);
      WinogradLine<kY>::output(m, columns[x]);
    }
    const Vec bias = load(batch.bias + channel);
    HWY_UNROLL(32)
    for (std::size_t y = 0; y < kY - 2; y += 2) {
      Vec lines[2][kX - 2];
      HWY_UNROLL(32)
      for (std::size_t line = 0; line < 2; ++line) {
        Vec m[kX];
        HWY_UNROLL(32) for (std::size_t x = 0; x < kX; ++x) m[x] = columns[x][y + line];
        WinogradLine<kX>::output(m, lines[line]);
      }
      HWY_UNROLL(32)
      for (std::size_t x = 0; x < kX - 2; x += 2) {
        const Vec candidates[4] = {add(bias, lines[0][x]), add(bias, lines[0][x + 1]), add(bias, lines[1][x]),
                                   add(bias, lines[1][x + 1])};
        const std::size_t place = to + (y / 2 * wide_ + x / 2) * outputs_ + channel;
        pool_candidates<4>(candidates, batch.relu, batch.outputs + place, batch.winners + place);
      }
    }
  }

  const ConvolutionGeometry& geometry_;
  std::size_t inputs_, outputs_;  ///< channels, padded
  std::uint32_t high_, wide_;     ///< windows
  Buffer<float> weights_[2]
                        [2];  ///< of tiles (two windows high, two wide): [output / kWide][place][input][output % kWide]
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
