// Convolution with an optional 2x2 max-pool and relu behind it, for any kernel, stride and padding.
//
// A window is what pooling makes one output of: 4 candidate positions of the convolution, or 1 without pooling. Forward
// sums each candidate in registers, vectors running over output channels, in the order bias, then (kernel row, kernel
// column, input channel); then pools and writes the output and, a byte a channel, which candidate won: the first
// greatest one, or -1 where relu let nothing through. Backward does the products of winning candidates only.

#include <bit>
#include <optional>
#include <utility>

#include "engines/cpu/block.h"
#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/convolution.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "engines/cpu/convolution_tiles-inl.h"
#include "engines/cpu/simd-inl.h"
#include "engines/cpu/slot_sums-inl.h"
#include "engines/cpu/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

class ConvolutionBlock : public Block {
 public:
  ConvolutionBlock(ConvolutionPlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        input_(input),
        output_(output),
        narrow_(input.extent.channel_stride == 1),
        channels_(output.extent.channel_stride),
        run_(std::size_t{plan_.layer.kernel[1]} * input.extent.channel_stride),
        taps_(plan_.layer.kernel[0] * run_),
        windows_(output.extent.height * output.extent.width),
        image_row_(std::size_t{plan_.padded_width} * input.extent.channel_stride),
        image_size_(plan_.padded_height * image_row_),
        candidates_(plan_.pool * plan_.pool),
        winners_(plan_.row_capacity * output.stride),
        alive_channels_(std::size_t{kSlots} * windows_ * candidates_),
        sums_(channels_ * taps_, channels_),
        forward_weights_(narrow_ ? 0 : channels_ * taps_),
        backward_weights_(plan_.first ? 0 : channels_ * taps_) {
    padded_ = image_size_ != input.extent.size();
    if (padded_) {
      padded_images_ = Buffer<float>(plan_.row_capacity * image_size_);
      if (!plan_.first) padded_gradients_ = Buffer<float>(kSlots * image_size_);
    }
    const std::array<std::uint32_t, 2> three{3, 3}, one{1, 1};
    if (!narrow_ && plan_.pool == 2 && plan_.layer.kernel == three && plan_.layer.stride == one)
      winograd_.emplace(input.extent.channel_stride, channels_);
    find_positions();
    number_parameters();
  }

  std::string name() const override { return plan_.name; }
  bool spatial() const override { return true; }
  ParameterStore* weights() override { return &weights_; }
  ParameterStore* biases() override { return &biases_; }

  void refresh() override {
    for (std::uint32_t tile = 0; tile < gradient_tasks(); ++tile) pack(tile);
  }

  void forward(const Step&, Rows rows) override {
    if (padded_)
      for (std::uint32_t row = rows.begin; row < rows.end; ++row) pad_image(row);
    if (winograd_) return forward_winograd(rows);
    std::uint32_t tile = 0;
    const std::uint32_t tiles = channels_ / kChannelTile;
    if constexpr (kLanes == kChannelTile) {
      for (; tile + 2 <= tiles; tile += 2) forward_tile<2>(rows, tile);
      for (; tile < tiles; ++tile) forward_tile<1>(rows, tile);
    } else {
      for (; tile < tiles; ++tile) forward_tile<kChannelTile / kLanes>(rows, tile);
    }
  }

  void backward(const Step&, Rows rows, std::uint32_t slot) override {
    sums_.clear(slot);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      add_bias_gradients(row, sums_.biases(slot));
      if (narrow_)
        add_weight_gradients_narrow(row, sums_.weights(slot));
      else
        add_weight_gradients(row, sums_.weights(slot));
      if (!plan_.first) input_gradients(row, slot);
    }
    sums_.finish(slot);
  }

  float gradient_bound(const Step& step) const override { return sums_.bound(step.slots); }
  std::uint32_t gradient_tasks() const override { return channels_ / kChannelTile; }

  void gradient(const Step& step, std::uint32_t tile, const Update& update) override {
    const std::size_t count = kChannelTile * taps_;
    sums_.update_weights(step.slots, tile * count, count, weights_, update);
    sums_.update_biases(step.slots, tile * kChannelTile, kChannelTile, biases_, update);
    if (update.apply) pack(tile);
  }

 private:
  const float* image(std::size_t row) { return padded_ ? padded_images_.data() + row * image_size_ : input_.row(row); }

  void find_positions() {
    const std::size_t stride = input_.extent.channel_stride;
    const std::size_t across = plan_.layer.stride[1] * stride, down = plan_.layer.stride[0] * image_row_;
    for (std::uint32_t candidate = 0; candidate < candidates_; ++candidate)
      candidate_offset_[candidate] =
          static_cast<std::uint32_t>(candidate / plan_.pool * down + candidate % plan_.pool * across);
    for (std::uint32_t y = 0; y < output_.extent.height; ++y)
      for (std::uint32_t x = 0; x < output_.extent.width; ++x)
        window_offset_.push_back(static_cast<std::uint32_t>(plan_.pool * (y * down + x * across)));
    for (std::uint32_t y = 0; y < plan_.layer.kernel[0]; ++y)
      for (std::uint32_t x = 0; x < plan_.layer.kernel[1]; ++x)
        tap_offset_.push_back(static_cast<std::uint32_t>(y * image_row_ + x * stride));
  }

  /// Where the canonical weight (out, in, y, x) lies: narrow inputs have [out / 16][y][x][out % 16], others
  /// [out][y][x][in], in padded to the input's channel stride.
  void number_parameters() {
    const auto [height, width] = plan_.layer.kernel;
    std::vector<std::uint32_t> weight, bias;
    for (std::uint32_t out = 0; out < plan_.layer.filters; ++out) {
      bias.push_back(out);
      for (std::uint32_t in = 0; in < plan_.input_channels; ++in)
        for (std::uint32_t y = 0; y < height; ++y)
          for (std::uint32_t x = 0; x < width; ++x) {
            const std::size_t tap = y * run_ + x * input_.extent.channel_stride + in;
            weight.push_back(static_cast<std::uint32_t>(
                narrow_ ? (out / kChannelTile * taps_ + tap) * kChannelTile + out % kChannelTile : out * taps_ + tap));
          }
    }
    weights_ = ParameterStore(channels_ * taps_, std::move(weight));
    biases_ = ParameterStore(channels_, std::move(bias));
  }

  /// Renews what forward and backward pass read of one tile of output channels.
  void pack(std::uint32_t tile) {
    if (narrow_) return;
    const float* from = weights_.values.data() + tile * kChannelTile * taps_;
    float* forward = forward_weights_.data() + tile * kChannelTile * taps_;
    for (std::size_t tap = 0; tap < taps_; ++tap)
      for (std::uint32_t lane = 0; lane < kChannelTile; lane += kLanes)
        store(load_strided(from + lane * taps_ + tap, static_cast<std::int32_t>(taps_)),
              forward + tap * kChannelTile + lane);
    if (winograd_) winograd_->transform_weights(tile, forward);
    if (plan_.first) return;
    const std::size_t in_tiles = input_.extent.channel_stride / kChannelTile, taps = tap_offset_.size();
    for (std::size_t out = tile * kChannelTile; out < (tile + 1) * std::size_t{kChannelTile}; ++out)
      for (std::size_t tap = 0; tap < taps; ++tap)
        for (std::size_t in_tile = 0; in_tile < in_tiles; ++in_tile, from += kChannelTile)
          std::memcpy(backward_weights_.data() + ((in_tile * channels_ + out) * taps + tap) * kChannelTile, from,
                      kChannelTile * sizeof(float));
  }

  void pad_image(std::size_t row) {
    const std::size_t stride = input_.extent.channel_stride, width = input_.extent.width * stride;
    for (std::uint32_t y = 0; y < input_.extent.height; ++y)
      std::memcpy(
          padded_images_.data() + row * image_size_ + (y + plan_.pad_top) * image_row_ + plan_.pad_left * stride,
          input_.row(row) + y * width, width * sizeof(float));
  }

  // ---- forward ----

  void forward_winograd(Rows rows) {
    thread_local Buffer<float> scratch;
    if (scratch.size() < winograd_->scratch_size()) scratch = Buffer<float>(winograd_->scratch_size());
    const bool relu = plan_.layer.activation == Activation::relu;
    const float* from[Winograd::kGroup];
    std::size_t to[Winograd::kGroup];
    int filled = 0;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row)
      for (std::uint32_t window = 0; window < windows_; ++window) {
        from[filled] = image(row) + window_offset_[window];
        to[filled] = row * output_.stride + std::size_t{window} * channels_;
        const bool last = row + 1 == rows.end && window + 1 == windows_;
        if (++filled < Winograd::kGroup && !last) continue;
        winograd_->compute(from, to, filled, image_row_, biases_.values.data(), relu, output_.values.data(),
                           winners_.data(), scratch.data());
        filled = 0;
      }
  }

  template <int kVectors>
  void forward_tile(Rows rows, std::uint32_t tile) {
    if (plan_.pool == 2)
      forward_windows<kVectors, kManyRegisters ? 3 : 1, 4>(rows, tile);
    else
      forward_windows<kVectors, kManyRegisters ? 6 : 4, 1>(rows, tile);
  }

  template <int kVectors, int kWindows, int kCandidates>
  void forward_windows(Rows rows, std::uint32_t tile) {
    TileWeights<kVectors> weights;
    const float* packed = (narrow_ ? weights_.values : forward_weights_).data();
    for (int v = 0; v < kVectors; ++v) {
      const std::size_t channel = tile * kChannelTile + static_cast<std::size_t>(v) * kLanes;
      weights.taps[v] = packed + channel / kChannelTile * kChannelTile * taps_ + channel % kChannelTile;
      weights.bias[v] = biases_.values.data() + channel;
    }
    const TileShape shape{plan_.layer.kernel[0], run_, image_row_, candidate_offset_[1], candidate_offset_[2]};

    const float* from[kWindows];
    std::size_t to[kWindows];
    int filled = 0;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      const float* const pixels = image(row);
      for (std::uint32_t window = 0; window < windows_; ++window) {
        from[filled] = pixels + window_offset_[window];
        to[filled] = row * output_.stride + std::size_t{window} * channels_ + tile * kChannelTile;
        if (++filled < kWindows) continue;
        compute_windows<kVectors, kWindows, kCandidates>(shape, weights, from, to);
        filled = 0;
      }
    }
    for (int left = 0; left < filled; ++left)
      compute_windows<kVectors, 1, kCandidates>(shape, weights, from + left, to + left);
  }

  template <int kVectors, int kWindows, int kCandidates>
  HWY_INLINE void compute_windows(const TileShape& shape, const TileWeights<kVectors>& weights,
                                  const float* const* from, const std::size_t* to) {
    Vec sums[kWindows * kCandidates][kVectors];
    sum_tile<kVectors, kWindows, kCandidates>(shape, weights, from, sums);
    const bool relu = plan_.layer.activation == Activation::relu;
    for (int window = 0; window < kWindows; ++window)
      for (int v = 0; v < kVectors; ++v) {
        Vec candidates[kCandidates];
        for (int c = 0; c < kCandidates; ++c) candidates[c] = sums[window * kCandidates + c][v];
        const std::size_t place = to[window] + static_cast<std::size_t>(v) * kLanes;
        pool_candidates<kCandidates>(candidates, relu, output_.values.data() + place, winners_.data() + place);
      }
  }

  // ---- backward ----

  const std::int8_t* winners(std::size_t row) const { return winners_.data() + row * output_.stride; }

  void add_bias_gradients(std::size_t row, float* sums) {
    const float* const gradients = output_.gradient(row);
    for (std::uint32_t channel = 0; channel < channels_; channel += kLanes) {
      Vec sum = load(sums + channel);
      for (std::size_t window = 0; window < windows_; ++window) {
        const std::size_t place = window * channels_ + channel;
        const Vec alive = load_bytes(winners(row) + place);
        sum = add(sum, select(greater(zero(), alive), zero(), load(gradients + place)));
      }
      store(sum, sums + channel);
    }
  }

  /// weights[out][y][x][in] += gradient x input patch of the winner, for one image. In groups of 32 windows, so that a
  /// word tells where an output channel is alive.
  void add_weight_gradients(std::size_t row, float* sums) {
    for (std::uint32_t begin = 0; begin < windows_; begin += 32) {
      const std::uint32_t count = std::min(windows_ - begin, 32u);
      const std::size_t first = std::size_t{begin} * channels_;
      for (std::uint32_t block = 0; block < channels_; block += kChannelTile) {
        std::uint32_t alive[kChannelTile] = {};
        for (std::uint32_t window = 0; window < count; ++window)
          for (std::uint32_t lane = 0; lane < kChannelTile; lane += kLanes)
            or_bit_where_alive(winners(row) + first + std::size_t{window} * channels_ + block + lane, 1u << window,
                               alive + lane);
        for (std::uint32_t lane = 0; lane < kChannelTile; ++lane) {
          const std::size_t channel = block + lane;
          const AliveWindows windows{alive[lane],
                                     image(row),
                                     image_row_,
                                     window_offset_.data() + begin,
                                     candidate_offset_,
                                     winners(row) + first + channel,
                                     output_.gradient(row) + first + channel,
                                     channels_};
          if (alive[lane] != 0) add_patches(windows, plan_.layer.kernel[0], run_, sums + channel * taps_);
        }
      }
    }
  }

  /// The same for the grey image: [out / 16][y][x][out % 16], vectors over output channels.
  void add_weight_gradients_narrow(std::size_t row, float* sums) {
    for (std::uint32_t channel = 0; channel < channels_; channel += kLanes) {
      float* const tile = sums + channel / kChannelTile * kChannelTile * taps_ + channel % kChannelTile;
      std::size_t tap = 0;
      for (; tap + 8 <= taps_; tap += 8) add_taps<8>(row, channel, tap, tile);
      for (; tap < taps_; ++tap) add_taps<1>(row, channel, tap, tile);
    }
  }

  template <int kTaps>
  void add_taps(std::size_t row, std::uint32_t channel, std::size_t tap, float* tile) {
    const float* const pixels = image(row);
    Vec sums[kTaps];
    for (int t = 0; t < kTaps; ++t) sums[t] = load(tile + (tap + static_cast<std::size_t>(t)) * kChannelTile);
    for (std::size_t window = 0; window < windows_; ++window) {
      const std::size_t place = window * channels_ + channel;
      const Vec winner = load_bytes(winners(row) + place), gradient = load(output_.gradient(row) + place);
      for (std::uint32_t candidate = 0; candidate < candidates_; ++candidate) {
        const Vec above = broadcast(static_cast<float>(candidate) + 0.5f);
        const Vec below = broadcast(static_cast<float>(candidate) - 0.5f);
        const Vec mine = select(greater(winner, below), select(greater(winner, above), zero(), gradient), zero());
        const float* const patch = pixels + window_offset_[window] + candidate_offset_[candidate];
        for (int t = 0; t < kTaps; ++t)
          sums[t] = multiply_add(broadcast(patch[tap_offset_[tap + static_cast<std::size_t>(t)]]), mine, sums[t]);
      }
    }
    for (int t = 0; t < kTaps; ++t) store(sums[t], tile + (tap + static_cast<std::size_t>(t)) * kChannelTile);
  }

  void input_gradients(std::size_t row, std::uint32_t slot) {
    float* const target = padded_ ? padded_gradients_.data() + slot * image_size_ : input_.gradient(row);
    std::memset(target, 0, image_size_ * sizeof(float));
    for (std::uint32_t begin = 0; begin < channels_; begin += 64) {
      // Where each candidate of each window sends a gradient back, a bit for each of these 64 output channels.
      std::uint64_t* const alive = alive_channels_.data() + slot * std::size_t{windows_} * candidates_;
      for (std::size_t window = 0; window < windows_; ++window)
        find_alive_channels(winners(row) + window * channels_ + begin, std::min(channels_ - begin, 64u),
                            alive + window * candidates_);
      // One vector of input channels at a time: its share of the weights stays in the first cache.
      for (std::size_t channel = 0; channel < input_.extent.channel_stride; channel += kLanes)
        send_back(row, begin, channel, alive, target);
    }
    if (padded_) unpad_gradient(row, target);
  }

  void find_alive_channels(const std::int8_t* winners, std::uint32_t count, std::uint64_t* alive) const {
    for (std::uint32_t candidate = 0; candidate < candidates_; ++candidate) {
      alive[candidate] = 0;
      for (std::uint32_t lane = 0; lane < count; lane += kChannelTile)
        alive[candidate] |= std::uint64_t{equal_bytes16(winners + lane, static_cast<std::int8_t>(candidate))} << lane;
    }
  }

  void send_back(std::size_t row, std::uint32_t begin, std::size_t channel, const std::uint64_t* alive,
                 float* target) const {
    const InputGradient shape{image_row_, input_.extent.channel_stride, tap_offset_.data(), tap_offset_.size()};
    const bool patches = kManyRegisters && plan_.pool == 2 && plan_.layer.kernel == std::array{3u, 3u} &&
                         plan_.layer.stride == std::array{1u, 1u};
    const float* const weights = backward_weights_.data() +
                                 (channel / kChannelTile * channels_ + begin) * tap_offset_.size() * kChannelTile +
                                 channel % kChannelTile;
    for (std::size_t window = 0; window < windows_; ++window, alive += candidates_) {
      const float* const gradients = output_.gradient(row) + window * channels_ + begin;
      float* const corner = target + window_offset_[window] + channel;
      if (patches) {
        add_to_patch(shape, alive, gradients, weights, corner);
        continue;
      }
      for (std::uint32_t candidate = 0; candidate < candidates_; ++candidate)
        if (alive[candidate] != 0)
          add_to_position(shape, alive[candidate], gradients, weights, corner + candidate_offset_[candidate]);
    }
  }

  void unpad_gradient(std::size_t row, const float* padded) {
    const std::size_t stride = input_.extent.channel_stride, width = input_.extent.width * stride;
    for (std::uint32_t y = 0; y < input_.extent.height; ++y)
      std::memcpy(input_.gradient(row) + y * width, padded + (y + plan_.pad_top) * image_row_ + plan_.pad_left * stride,
                  width * sizeof(float));
  }

  ConvolutionPlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  bool narrow_;  ///< the input is the grey image
  bool padded_ = false;
  std::uint32_t channels_;  ///< of the output, padded
  std::size_t run_;         ///< floats of one kernel row
  std::size_t taps_;        ///< floats of one kernel
  std::uint32_t windows_;
  std::size_t image_row_, image_size_;  ///< floats of one (padded) input row, and image
  std::uint32_t candidate_offset_[4] = {};
  std::vector<std::uint32_t> window_offset_, tap_offset_;
  std::uint32_t candidates_;              ///< of a window
  Buffer<std::int8_t> winners_;           ///< (row, window, channel), strides as the output's
  Buffer<std::uint64_t> alive_channels_;  ///< (slot, window, candidate)
  Buffer<float> padded_images_, padded_gradients_;
  std::optional<Winograd> winograd_;
  SlotSums sums_;
  ParameterStore weights_, biases_;
  Buffer<float> forward_weights_;   ///< [out / 16][y][x][in][out % 16]; narrow: weights_ has that layout itself
  Buffer<float> backward_weights_;  ///< [in / 16][out][y][x][in % 16]
};

std::unique_ptr<Block> new_convolution(ConvolutionPlan plan, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<ConvolutionBlock>(std::move(plan), input, output);
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {

std::unique_ptr<Block> make_convolution(Instructions instructions, ConvolutionPlan plan, ActivationBuffer& input,
                                        ActivationBuffer& output) {
  return NIB_DISPATCH(instructions, new_convolution)(std::move(plan), input, output);
}

}  // namespace nib::cpu
#endif
