// The backward pass of a convolution whose input has 16 channels and more, once the winners are known: products of
// winning candidates only. Included once for each target.
#if defined(NIB_ENGINES_CPU_CONVOLUTION_GRADIENTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_CONVOLUTION_GRADIENTS_INL_H_
#undef NIB_ENGINES_CPU_CONVOLUTION_GRADIENTS_INL_H_
#else
#define NIB_ENGINES_CPU_CONVOLUTION_GRADIENTS_INL_H_
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engines/cpu/block.h"
#include "engines/cpu/convolution_geometry.h"
#include "engines/cpu/convolution_tiles-inl.h"
#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class ConvolutionGradients {
 public:
  ConvolutionGradients(const ConvolutionPlan& plan, const ConvolutionGeometry& geometry, const Extent& input)
      : geometry_(geometry),
        input_(input),
        inputs_(static_cast<std::uint32_t>(round_up(plan.input.channels, kLanes))),
        tiles_(input.channel_stride / kChannelTile),
        plane_row_(geometry.image_row / tiles_),
        plane_(geometry.image_size / tiles_),
        origin_(plan.padding[0] * plane_row_ + std::size_t{plan.padding[1]} * kChannelTile),
        together_(std::max(
            std::min(kListed / geometry.windows, static_cast<std::uint32_t>(kNear / geometry.image_size)), 1u)),
        square_(plan.layer.kernel == std::array{3u, 3u}),
        patches_(kManyRegisters && square_ && plan.pool && plan.layer.stride == std::array{1u, 1u}) {
    for (const std::uint32_t offset : geometry.window_offset) window_offset_.push_back(in_plane(offset));
    for (const std::uint32_t offset : geometry.tap_offset) tap_offset_.push_back(in_plane(offset));
    for (std::size_t i = 0; i < 4; ++i) candidate_offset_[i] = in_plane(geometry.candidate_offset[i]);
  }

  /// Floats that either pass needs to work in.
  std::size_t scratch_size() const {
    return std::max(std::size_t{2} * kListed * kChannelTile, plane_ + 2 * kRowsTogether * alive_words());
  }

  /// Rows that share a list of windows.
  std::uint32_t rows_together() const { return together_; }

  /// Some rows of the layer's batch, from `first_row` on: inputs with their padding, winners and gradients of its
  /// outputs.
  struct Batch {
    std::uint32_t first_row;
    const float* images;
    std::size_t image_stride;
    const std::int8_t* winners;
    const float* gradients;
    std::size_t output_stride;  ///< of winners and gradients
  };

  /// sums[in / 16][out][y][x][in % 16] += gradient x input patch of the winner, over rows (up to
  /// rows_together()) and windows in ascending order, for the output channels of some tiles of 16.
  void add_to_weights(const Batch& batch, Rows rows, Rows out_tiles, float* sums, float* scratch) const {
    for (std::uint32_t begin = 0; begin < geometry_.windows; begin += kListed)
      add_windows(
          batch,
          {rows.begin - batch.first_row, rows.end - rows.begin, begin, std::min(geometry_.windows - begin, kListed)},
          out_tiles, sums, scratch);
  }

  /// Writes the input's gradients for some rows: each window's candidates in order, their alive output channels in
  /// ascending order, in groups of 64. `weights` are [in / 16][out][y][x][in % 16].
  void send_back(const Batch& batch, Rows rows, const float* weights, ActivationBuffer& input, float* scratch) const {
    float* const plane = scratch;
    auto* const alive = reinterpret_cast<std::uint64_t*>(scratch + plane_);
    for (std::uint32_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      const std::uint32_t end = std::min(begin + kRowsTogether, rows.end);
      for (std::uint32_t row = begin; row < end; ++row)
        find_alive_channels(batch.winners + (row - batch.first_row) * batch.output_stride,
                            alive + (row - begin) * alive_words());
      // The rows share the tile's weights, which stay in the first cache.
      for (std::size_t tile = 0; tile < tiles_; ++tile)
        for (std::uint32_t row = begin; row < end; ++row) {
          std::memset(plane, 0, plane_ * sizeof(float));
          const float* const kernels = weights + tile * geometry_.channels * kernel_size();
          float* const to = input.gradient(row) + tile * kChannelTile;
          const std::size_t lanes = std::min<std::size_t>(kChannelTile, inputs_ - tile * kChannelTile);
          add_to_plane(batch.gradients + (row - batch.first_row) * batch.output_stride,
                       alive + (row - begin) * alive_words(), kernels, lanes, plane, to);
          copy_out(plane, to);
        }
    }
  }

 private:
  static constexpr std::uint32_t kListed = 64;       ///< windows in a list: bits of a word
  static constexpr std::size_t kNear = 6144;         ///< floats of inputs that stay in the first cache
  static constexpr std::uint32_t kRowsTogether = 8;  ///< that share weights on the way back

  struct Windows {
    std::uint32_t row, rows, begin, count;  ///< windows [begin, begin + count) of some rows, counted from the batch's
  };

  std::uint32_t in_plane(std::uint32_t offset) const { return static_cast<std::uint32_t>(offset / tiles_); }
  std::size_t kernel_size() const { return tap_offset_.size() * kChannelTile; }
  std::size_t chunks() const { return (geometry_.channels + 63) / 64; }
  std::size_t alive_words() const { return chunks() * geometry_.windows * geometry_.candidates; }

  void add_windows(const Batch& batch, const Windows& windows, Rows out_tiles, float* sums, float* scratch) const {
    const std::int8_t* const winners = batch.winners + windows.row * batch.output_stride;
    const float* const gradients = batch.gradients + windows.row * batch.output_stride;
    std::uint32_t place[kListed], offset[kListed];  // of the listed windows' outputs, and of their first inputs
    std::uint32_t listed = 0;
    for (std::uint32_t row = 0; row < windows.rows; ++row)
      for (std::uint32_t window = windows.begin; window < windows.begin + windows.count; ++window, ++listed) {
        place[listed] =
            static_cast<std::uint32_t>(row * batch.output_stride + std::size_t{window} * geometry_.channels);
        offset[listed] = static_cast<std::uint32_t>(row * batch.image_stride) + geometry_.window_offset[window];
      }
    // The next rows' inputs and gradients are on their way while these are worked on.
    const std::size_t next = windows.row + windows.rows,
                      calls = std::size_t{out_tiles.end - out_tiles.begin} * kChannelTile;
    Ahead images(batch.images + next * batch.image_stride, geometry_.image_size * sizeof(float), calls);
    Ahead outputs(batch.gradients + next * batch.output_stride, batch.output_stride * sizeof(float), calls);
    Ahead positions(batch.winners + next * batch.output_stride, batch.output_stride, calls);
    const std::uint32_t low = std::min(listed, 32u);
    float* const tile_gradients = scratch;  // (window, channel of the tile), and where the winners' patches begin
    auto* const patches = reinterpret_cast<std::uint32_t*>(scratch + kListed * kChannelTile);
    for (std::size_t tile = std::size_t{out_tiles.begin} * kChannelTile; tile < out_tiles.end * kChannelTile;
         tile += kChannelTile) {
      std::uint32_t alive[2][kChannelTile];
      for (std::size_t lane = 0; lane < kChannelTile; lane += kLanes) {
        alive_bits(winners + tile + lane, place, low, alive[0] + lane);
        alive_bits(winners + tile + lane, place + low, listed - low, alive[1] + lane);
        for (std::uint32_t i = 0; i < listed; ++i) {
          store(load(gradients + place[i] + tile + lane), tile_gradients + i * kChannelTile + lane);
          store_sums(offset[i], geometry_.candidate_offset, winners + place[i] + tile + lane,
                     patches + i * kChannelTile + lane);
        }
      }
      for (std::size_t lane = 0; lane < kChannelTile; ++lane) {
        images.fetch();
        outputs.fetch();
        positions.fetch();
        const PatchTerms terms{
            batch.images + windows.row * batch.image_stride,      geometry_.image_row,   input_.channel_stride,
            alive[0][lane] | std::uint64_t{alive[1][lane]} << 32, tile_gradients + lane, patches + lane};
        if (terms.alive != 0) add_terms(terms, tile + lane, sums);
      }
    }
  }

  void add_terms(const PatchTerms& terms, std::size_t channel, float* sums) const {
    const std::size_t inputs = inputs_;
    std::size_t in = 0;
    const auto sums_of = [&](std::size_t input) {
      return sums + (input / kChannelTile * geometry_.channels + channel) * kernel_size() + input % kChannelTile;
    };
    if (square_) {
      if constexpr (kManyRegisters)
        for (; in + 2 * kLanes <= inputs; in += 2 * kLanes)
          add_square_patches<2>(terms, in, {sums_of(in), sums_of(in + kLanes)});
      for (; in < inputs; in += kLanes) add_square_patches<1>(terms, in, {sums_of(in)});
      return;
    }
    const std::vector<std::uint32_t>& offset = geometry_.tap_offset;
    for (; in < inputs; in += kLanes) {
      float* const to = sums_of(in);
      std::size_t tap = 0;
      for (; tap + 8 <= offset.size(); tap += 8)
        add_patch_taps<8>(terms, in, offset.data() + tap, to + tap * kChannelTile);
      for (; tap < offset.size(); ++tap) add_patch_taps<1>(terms, in, offset.data() + tap, to + tap * kChannelTile);
    }
  }

  /// (chunk of 64 output channels, window, candidate): a bit for each channel whose gradient goes to the candidate.
  void find_alive_channels(const std::int8_t* winners, std::uint64_t* alive) const {
    for (std::uint32_t begin = 0; begin < geometry_.channels; begin += 64)
      for (std::size_t window = 0; window < geometry_.windows; ++window, alive += geometry_.candidates)
        for (std::uint32_t candidate = 0; candidate < geometry_.candidates; ++candidate)
          alive[candidate] =
              equal_bytes(winners + window * geometry_.channels + begin, std::min(geometry_.channels - begin, 64u),
                          static_cast<std::int8_t>(candidate));
  }

  /// `lanes`: of the tile's inputs, those that are no padding. `later`: where the plane will be copied to, fetched
  /// meanwhile.
  void add_to_plane(const float* gradients, const std::uint64_t* alive, const float* weights, std::size_t lanes,
                    float* plane, const float* later) const {
    const InputGradient shape{plane_row_, tap_offset_.data(), tap_offset_.size()};
    const std::size_t used = kLanes < static_cast<int>(kChannelTile) ? lanes : kChannelTile;  // a constant if it can
    const std::size_t pixels = std::size_t{input_.height} * input_.width;
    const std::size_t share = (pixels + geometry_.windows - 1) / geometry_.windows;
    for (std::uint32_t begin = 0; begin < geometry_.channels; begin += 64, weights += 64 * kernel_size())
      for (std::size_t window = 0; window < geometry_.windows; ++window, alive += geometry_.candidates) {
        if (begin == 0)
          for (std::size_t i = window * share; i < std::min((window + 1) * share, pixels); ++i)
            __builtin_prefetch(later + i * input_.channel_stride, 1);
        for (std::size_t lane = 0; lane < used; lane += kLanes) {
          const float* const from = gradients + window * geometry_.channels + begin;
          float* const corner = plane + window_offset_[window] + lane;
          if (patches_) {
            add_to_patch(shape, alive, from, weights + lane, corner);
            continue;
          }
          for (std::uint32_t candidate = 0; candidate < geometry_.candidates; ++candidate)
            if (alive[candidate] != 0)
              add_to_position(shape, alive[candidate], from, weights + lane, corner + candidate_offset_[candidate]);
        }
      }
  }

  /// The plane without its padding, to one tile of an image.
  void copy_out(const float* plane, float* image) const {
    for (std::uint32_t y = 0; y < input_.height; ++y) {
      const float* from = plane + origin_ + y * plane_row_;
      for (std::uint32_t x = 0; x < input_.width; ++x, from += kChannelTile, image += input_.channel_stride)
        for (std::size_t lane = 0; lane < kChannelTile; lane += kLanes) store(load(from + lane), image + lane);
    }
  }

  const ConvolutionGeometry& geometry_;
  Extent input_;
  std::uint32_t inputs_;                                   ///< channels, those of whole vectors of padding left out
  std::size_t tiles_;                                      ///< of 16 input channels
  std::size_t plane_row_, plane_;                          ///< floats of a row and of a plane, padding included
  std::size_t origin_;                                     ///< of the plane's first pixel that is no padding
  std::uint32_t together_;                                 ///< rows in a list of windows
  bool square_;                                            ///< the kernel is 3x3
  bool patches_;                                           ///< and its stride 1, and pooling 2x2
  std::vector<std::uint32_t> window_offset_, tap_offset_;  ///< the geometry's, in a plane
  std::uint32_t candidate_offset_[4] = {};
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
