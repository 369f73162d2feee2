// The first block of the digits network: 3x3 convolution of the grey image, relu, 2x2 max-pool.
//
// About half of the 4x4 patches that the windows see hold no ink. There every product is zero and the result exactly
// max(bias, 0), so only windows with ink are computed, forward and backward; the bits are those of the general block.

#include <span>
#include <utility>

#include "engines/cpu/block.h"
#include "engines/cpu/convolution_geometry.h"
#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/image_convolution.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "engines/cpu/convolution_tiles-inl.h"
#include "engines/cpu/simd-inl.h"
#include "engines/cpu/slot_sums-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class ImageConvolutionBlock : public Block {
 public:
  ImageConvolutionBlock(ConvolutionPlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        input_(input),
        output_(output),
        channels_(output.extent.channel_stride),
        windows_(output.extent.height * output.extent.width),
        winners_(output.room.gradients * output.stride),
        inked_(output.room.gradients * std::size_t{windows_}),
        inked_count_(output.room.gradients),
        sums_(channels_, kTaps, 1),
        biases_(channels_, bias_positions(plan_.layer.filters)) {
    ConvolutionGeometry geometry(plan_, input.extent, output.extent);
    weights_ = ParameterStore(channels_ * kTaps, geometry.weight_positions(plan_));
    window_offset_ = std::move(geometry.window_offset);
  }

  std::string name() const override { return plan_.name; }
  ParameterStore* weights() override { return &weights_; }
  ParameterStore* biases() override { return &biases_; }

  std::size_t scratch_size() const override { return input_.extent.width + kLanes; }

  void forward(const Step&, Rows rows, float* scratch) override {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      find_ink(row, scratch);
      std::uint32_t channel = 0;
      if constexpr (kManyRegisters)
        for (; channel + 2 * kLanes <= channels_; channel += 2 * kLanes) forward_channels<2>(row, channel);
      for (; channel < channels_; channel += kLanes) forward_channels<1>(row, channel);
    }
  }

  void backward(const Step&, Rows rows, std::uint32_t slot, Part part, float*) override {
    const Rows tiles = part.of(0, sums_.tiles());
    sums_.clear(slot, tiles);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      std::uint32_t channel = tiles.begin * kChannelTile;
      const std::uint32_t end = tiles.end * kChannelTile;
      if constexpr (kManyRegisters)
        for (; channel + 2 * kLanes <= end; channel += 2 * kLanes) add_gradients<2>(row, channel, slot);
      for (; channel < end; channel += kLanes) add_gradients<1>(row, channel, slot);
    }
    sums_.finish(slot, tiles);
  }
  std::uint32_t backward_parts() const override { return sums_.tiles(); }

  float gradient_bound(const Step& step) const override { return sums_.bound(step); }
  std::uint32_t gradient_tasks() const override { return sums_.tiles(); }
  std::size_t take_place(std::size_t begin) override { return sums_.take_place(begin); }
  void add_branches(const Branches& branches, std::uint32_t tile) override { sums_.add_branches(branches, tile); }
  void gradient(const Step& step, std::uint32_t tile, const Update& update, float*) override {
    sums_.update(step, tile, weights_, biases_, update);
  }

 private:
  static constexpr std::uint32_t kTaps = 9;

  /// Lists the windows of an image whose 4x4 patch is not blank. `ink` has room for a row of pixels and a vector.
  void find_ink(std::size_t row, float* ink) {
    const std::size_t width = input_.extent.width;
    std::uint16_t* const inked = inked_.data() + output_.place(row) * windows_;
    std::uint32_t count = 0, window = 0;
    for (std::uint32_t y = 0; y < output_.extent.height; ++y) {
      // Pixels are never negative: a sum of some is zero where all of them are.
      const float* const lines = input_.row(row) + 2 * y * width;
      for (std::size_t x = 0; x < width; x += kLanes)
        store(add(add(load(lines + x), load(lines + width + x)),
                  add(load(lines + 2 * width + x), load(lines + 3 * width + x))),
              ink + x);
      for (const float* at = ink; window < (y + 1) * output_.extent.width; ++window, at += 2) {
        inked[count] = static_cast<std::uint16_t>(window);  // kept only if there is ink
        count += at[0] + at[1] + (at[2] + at[3]) > 0 ? 1 : 0;
      }
    }
    inked_count_[output_.place(row)] = count;
  }

  /// The windows of an image that have ink.
  std::span<const std::uint16_t> inked(std::size_t row) const {
    return {inked_.data() + output_.place(row) * windows_, inked_count_[output_.place(row)]};
  }
  const float* patch(std::size_t row, std::size_t window) const { return input_.row(row) + window_offset_[window]; }
  std::int8_t* winners(std::size_t row) { return winners_.data() + output_.place(row) * output_.stride; }

  template <int kVectors>
  void forward_channels(std::size_t row, std::uint32_t channel) {
    float* const output = output_.row(row) + channel;
    std::int8_t* const winners = this->winners(row) + channel;
    const std::size_t width = input_.extent.width;

    Vec weights[kTaps][kVectors], bias[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      const std::size_t out = channel + static_cast<std::size_t>(v) * kLanes;
      const float* const tile = weights_.values.data() + out / kChannelTile * kChannelTile * kTaps + out % kChannelTile;
      bias[v] = load(biases_.values.data() + out);
      for (std::uint32_t tap = 0; tap < kTaps; ++tap) weights[tap][v] = load(tile + tap * kChannelTile);
    }

    // What a blank window gives: the bias wins as the first of four equals, or relu stops it.
    Vec blank[kVectors];
    std::int8_t blank_winner[kVectors][kLanes];
    for (int v = 0; v < kVectors; ++v) {
      blank[v] = select(greater(zero(), bias[v]), zero(), bias[v]);
      store_as_bytes(select(greater(bias[v], zero()), zero(), broadcast(-1.0f)), blank_winner[v]);
    }
    const auto fill_blank = [&](std::size_t begin, std::size_t end) HWY_ATTR {
      for (std::size_t window = begin; window < end; ++window) HWY_UNROLL(2) for (int v = 0; v < kVectors; ++v) {
          const std::size_t place = window * channels_ + static_cast<std::size_t>(v) * kLanes;
          store(blank[v], output + place);
          std::memcpy(winners + place, blank_winner[v], kLanes);
        }
    };

    std::size_t written = 0;  // windows
    for (const std::size_t window : inked(row)) {
      fill_blank(written, window);
      written = window + 1;
      const float* const pixels = patch(row, window);
      Vec sums[4][kVectors];
      for (auto& candidate : sums)
        for (int v = 0; v < kVectors; ++v) candidate[v] = bias[v];
      HWY_UNROLL(32) for (std::size_t tap = 0; tap < kTaps; ++tap) HWY_UNROLL(32) for (std::size_t c = 0; c < 4; ++c) {
        const Vec x = broadcast(pixels[(tap / 3 + c / 2) * width + tap % 3 + c % 2]);
        HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) sums[c][v] = multiply_add(x, weights[tap][v], sums[c][v]);
      }
      HWY_UNROLL(32) for (int v = 0; v < kVectors; ++v) {
        const Vec candidates[4] = {sums[0][v], sums[1][v], sums[2][v], sums[3][v]};
        const std::size_t place = window * channels_ + static_cast<std::size_t>(v) * kLanes;
        pool_candidates<4>(candidates, true, output + place, winners + place);
      }
    }
    fill_blank(written, windows_);
  }

  /// What a row adds to the gradients of some vectors of output channels.
  template <int kVectors>
  void add_gradients(std::size_t row, std::uint32_t channel, std::uint32_t slot) {
    const float* const gradients = output_.gradient(row) + channel;
    const std::int8_t* const winners = this->winners(row) + channel;
    float* const biases = sums_.biases(slot) + channel;
    Vec bias[kVectors];
    HWY_UNROLL(2) for (int v = 0; v < kVectors; ++v) bias[v] = load(biases + v * kLanes);
    for (std::size_t window = 0; window < windows_; ++window) HWY_UNROLL(2) for (int v = 0; v < kVectors; ++v) {
        const std::size_t place = window * channels_ + static_cast<std::size_t>(v) * kLanes;
        bias[v] = add(bias[v], select(greater(zero(), load_bytes(winners + place)), zero(), load(gradients + place)));
      }
    HWY_UNROLL(2) for (int v = 0; v < kVectors; ++v) store(bias[v], biases + v * kLanes);

    // Nine taps of each vector stay in registers; each lane looks up the pixel that its winner saw.
    float* taps[kVectors];
    Vec sum[kTaps][kVectors];
    HWY_UNROLL(2) for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t out = channel + v * kLanes;
      taps[v] = sums_.weights(slot) + out / kChannelTile * kChannelTile * kTaps + out % kChannelTile;
      HWY_UNROLL(32) for (std::size_t tap = 0; tap < kTaps; ++tap) sum[tap][v] = load(taps[v] + tap * kChannelTile);
    }
    for (const std::size_t window : inked(row)) {
      const Table16 table = load_table(patch(row, window), input_.extent.width);
      HWY_UNROLL(2) for (int v = 0; v < kVectors; ++v) {
        const std::size_t place = window * channels_ + static_cast<std::size_t>(v) * kLanes;
        const Vec winner = load_bytes(winners + place);
        const Mask dead = greater(zero(), winner);
        const Vec gradient = select(dead, zero(), load(gradients + place));
        // Winner 0, 1, 2, 3 starts at entry 0, 1, 4, 5 of the patch.
        const Vec start =
            select(greater(winner, broadcast(1.5f)), add(winner, broadcast(2.0f)), select(dead, zero(), winner));
        const TableIndex index = table_index(start);
        HWY_UNROLL(32)
        for (std::size_t tap = 0; tap < kTaps; ++tap)
          sum[tap][v] =
              multiply_add(look_up(table, index, static_cast<int>(tap / 3 * 4 + tap % 3)), gradient, sum[tap][v]);
      }
    }
    HWY_UNROLL(2)
    for (int v = 0; v < kVectors; ++v) HWY_UNROLL(32)
    for (std::size_t tap = 0; tap < kTaps; ++tap) store(sum[tap][v], taps[v] + tap * kChannelTile);
  }

  ConvolutionPlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  std::uint32_t channels_;  ///< of the output, padded
  std::uint32_t windows_;
  Buffer<std::int8_t> winners_;  ///< (row, window, channel), strides as the output's
  Buffer<std::uint16_t> inked_;  ///< (row, i): the i-th window with ink
  std::vector<std::uint32_t> inked_count_;
  std::vector<std::uint32_t> window_offset_;  ///< from an image's first pixel to that of each window's patch
  SlotSums sums_;
  ParameterStore weights_, biases_;  ///< weights [out / 16][y][x][out % 16]
};

std::unique_ptr<Block> new_image_convolution(ConvolutionPlan plan, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<ImageConvolutionBlock>(std::move(plan), input, output);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {

bool image_convolution_fits(const ConvolutionPlan& plan, const Extent& input, const Extent& output) {
  const std::array<std::uint32_t, 2> three{3, 3}, one{1, 1};
  return !plan.input_gradient && input.channel_stride == 1 && plan.pool && plan.layer.kernel == three &&
         plan.layer.stride == one && plan.layer.activation == Activation::relu &&
         plan.layer.padding == Padding::valid && output.height * output.width <= 65535;
}

std::unique_ptr<Block> make_image_convolution(Instructions instructions, ConvolutionPlan plan, ActivationBuffer& input,
                                              ActivationBuffer& output) {
  return NIB_DISPATCH(instructions, new_image_convolution)(std::move(plan), input, output);
}

}  // namespace nib::cpu
#endif
