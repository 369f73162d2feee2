// Convolution with an optional 2x2 max-pool and relu behind it, for any kernel, stride and padding.
//
// A window is what pooling makes one output of: 4 candidate positions of the convolution, or 1 without pooling. Forward
// sums each candidate in registers, vectors running over output channels, in the order bias, then (kernel row, kernel
// column, input channel); then pools and writes the output and, a byte a channel, which candidate won: the first
// greatest one, or -1 where relu let nothing through. Backward does the products of winning candidates only.

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "engines/cpu/block.h"
#include "engines/cpu/convolution_geometry.h"
#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/convolution.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "engines/cpu/convolution_gradients-inl.h"
#include "engines/cpu/convolution_tiles-inl.h"
#include "engines/cpu/simd-inl.h"
#include "engines/cpu/slot_sums-inl.h"
#include "engines/cpu/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

/// What an alive window adds to the sums of a kernel on the grey image: gradient * patch.
struct AliveWindow {
  float gradient;
  std::uint32_t offset;  ///< of the patch, from the image
};

class ConvolutionBlock : public Block {
 public:
  ConvolutionBlock(ConvolutionPlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        input_(input),
        output_(output),
        geometry_(plan_, input.extent, output.extent),
        winners_(output.room.gradients * output.stride),
        sums_(geometry_.channels, geometry_.taps, geometry_.narrow ? 1 : input.extent.channel_stride / kChannelTile),
        weights_(geometry_.channels * geometry_.taps, geometry_.weight_positions(plan_)),
        biases_(geometry_.channels, bias_positions(plan_.layer.filters)),
        forward_weights_(geometry_.narrow ? 0 : weights_.values.size()) {
    // From padding channels that no vector comes by, nothing is sent back.
    if (round_up(plan_.layer.filters, kLanes) < geometry_.channels) std::memset(winners_.data(), -1, winners_.size());
    if (geometry_.padded) padded_images_ = Buffer<float>(output.room.gradients * geometry_.image_size);
    if (geometry_.narrow) return;
    gradients_.emplace(plan_, geometry_, input.extent);
    if (plan_.pool && plan_.layer.kernel == std::array{3u, 3u} && plan_.layer.stride == std::array{1u, 1u})
      winograd_.emplace(geometry_, input.extent, output.extent);
  }

  std::string name() const override { return plan_.name; }
  ParameterStore* weights() override { return &weights_; }
  ParameterStore* biases() override { return &biases_; }

  void refresh() override {
    for (std::uint32_t tile = 0; tile < gradient_tasks(); ++tile) pack(tile);
  }

  std::size_t scratch_size() const override {
    const std::size_t list = (std::size_t{geometry_.windows} + 1) * sizeof(AliveWindow) / sizeof(float);
    return std::max(winograd_ ? winograd_->scratch_size() : 0, gradients_ ? gradients_->scratch_size() : list);
  }

  void forward(const Step&, Rows rows, float* scratch) override {
    if (geometry_.padded)
      for (std::uint32_t row = rows.begin; row < rows.end; ++row) pad_image(row);
    if (winograd_) {
      const bool relu = plan_.layer.activation == Activation::relu;
      winograd_->forward({image(rows.begin), image_stride(), biases_.values.data(), relu, output_.row(rows.begin),
                          winners(rows.begin), output_.stride},
                         {0, rows.end - rows.begin}, scratch);
      return;
    }
    std::uint32_t tile = 0;
    const std::uint32_t tiles = geometry_.channels / kChannelTile;
    if constexpr (kLanes == kChannelTile) {
      for (; tile + 2 <= tiles; tile += 2) forward_tile<2>(rows, tile);
      for (; tile < tiles; ++tile) forward_tile<1>(rows, tile);
    } else {
      const std::uint32_t whole = plan_.layer.filters / kChannelTile, left = plan_.layer.filters % kChannelTile;
      for (; tile < whole; ++tile) forward_tile<2>(rows, tile);
      if (left > kLanes)
        forward_tile<2>(rows, tile);
      else if (left > 0)
        forward_tile<1>(rows, tile);
    }
  }

  void backward(const Step&, Rows rows, std::uint32_t slot, Part part, float* scratch) override {
    const Rows tiles = part.of(0, sums_.tiles());
    sums_.clear(slot, tiles);
    const ConvolutionGradients::Batch batch{
        rows.begin,    image(rows.begin), image_stride(), winners(rows.begin), output_.gradient(rows.begin),
        output_.stride};
    const std::uint32_t together = gradients_ ? gradients_->rows_together() : 1;
    for (std::uint32_t begin = rows.begin; begin < rows.end; begin += together) {
      const Rows some{begin, std::min(begin + together, rows.end)};
      for (std::uint32_t row = some.begin; row < some.end; ++row) add_bias_gradients(row, tiles, sums_.biases(slot));
      if (gradients_)
        gradients_->add_to_weights(batch, some, tiles, sums_.weights(slot), scratch);
      else
        add_weight_gradients_narrow(begin, tiles, sums_.weights(slot), scratch);
    }
    if (gradients_ && plan_.input_gradient)
      gradients_->send_back(batch, part.of(rows.begin, rows.end), weights_.values.data(), input_, scratch);
    sums_.finish(slot, tiles);
  }
  std::uint32_t backward_parts() const override { return sums_.tiles(); }

  float gradient_bound(const Step& step) const override { return sums_.bound(step); }
  std::uint32_t gradient_tasks() const override { return sums_.tiles(); }
  std::size_t take_place(std::size_t begin) override { return sums_.take_place(begin); }
  void add_branches(const Branches& branches, std::uint32_t tile) override { sums_.add_branches(branches, tile); }

  void gradient(const Step& step, std::uint32_t tile, const Update& update, float*) override {
    sums_.update(step, tile, weights_, biases_, update);
    if (update.apply) pack(tile);
  }

 private:
  std::size_t image_stride() const { return geometry_.padded ? geometry_.image_size : input_.stride; }
  const float* image(std::size_t row) { return geometry_.padded ? padded_image(row) : input_.row(row); }

  std::int8_t* winners(std::size_t row) { return winners_.data() + output_.place(row) * output_.stride; }
  float* padded_image(std::size_t row) { return padded_images_.data() + output_.place(row) * geometry_.image_size; }

  /// Renews what forward and backward pass read of one tile of output channels.
  void pack(std::uint32_t tile) {
    if (geometry_.narrow) return;
    const std::size_t taps = geometry_.tap_offset.size(), inputs = input_.extent.channel_stride;
    float* const forward = forward_weights_.data() + tile * kChannelTile * geometry_.taps;
    for (std::size_t in = 0; in < inputs; in += 4) {
      const float* const from = weights_.values.data() + in % kChannelTile +
                                (in / kChannelTile * geometry_.channels + tile * kChannelTile) * taps * kChannelTile;
      for (std::size_t tap = 0; tap < taps; ++tap)
        for (std::size_t lane = 0; lane < kChannelTile; lane += 4)
          transpose_4x4(from + (lane * taps + tap) * kChannelTile, taps * kChannelTile,
                        forward + (tap * inputs + in) * kChannelTile + lane, kChannelTile);
    }
    if (winograd_) winograd_->transform_weights(tile, forward);
  }

  void pad_image(std::size_t row) {
    const std::size_t stride = input_.extent.channel_stride, width = input_.extent.width * stride;
    for (std::uint32_t y = 0; y < input_.extent.height; ++y)
      std::memcpy(padded_image(row) + (y + plan_.padding[0]) * geometry_.image_row + plan_.padding[1] * stride,
                  input_.row(row) + y * width, width * sizeof(float));
  }

  // ---- forward ----

  template <int kVectors>
  void forward_tile(Rows rows, std::uint32_t tile) {
    if (plan_.pool)
      forward_windows<kVectors, kManyRegisters ? 3 : 1, 4>(rows, tile);
    else
      forward_windows<kVectors, kManyRegisters ? 6 : 4, 1>(rows, tile);
  }

  template <int kVectors, int kWindows, int kCandidates>
  void forward_windows(Rows rows, std::uint32_t tile) {
    TileWeights<kVectors> weights;
    const float* packed = (geometry_.narrow ? weights_.values : forward_weights_).data();
    for (int v = 0; v < kVectors; ++v) {
      const std::size_t channel = tile * kChannelTile + static_cast<std::size_t>(v) * kLanes;
      weights.taps[v] = packed + channel / kChannelTile * kChannelTile * geometry_.taps + channel % kChannelTile;
      weights.bias[v] = biases_.values.data() + channel;
    }
    // Padding channels of the input are zeros: their products are left out.
    const std::size_t inputs = plan_.input.channels, stride = input_.extent.channel_stride;
    const bool whole = inputs == stride;
    const TileShape shape{.kernel_height = plan_.layer.kernel[0],
                          .image_row = geometry_.image_row,
                          .runs = whole ? 1 : plan_.layer.kernel[1],
                          .run = whole ? geometry_.run : inputs,
                          .gap = stride - inputs,
                          .across = geometry_.candidate_offset[1],
                          .down = geometry_.candidate_offset[2]};

    const Target target{output_.row(rows.begin), winners(rows.begin)};
    const float* from[kWindows];
    std::size_t to[kWindows];
    int filled = 0;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      const float* const pixels = image(row);
      for (std::uint32_t window = 0; window < geometry_.windows; ++window) {
        from[filled] = pixels + geometry_.window_offset[window];
        to[filled] =
            (row - rows.begin) * output_.stride + std::size_t{window} * geometry_.channels + tile * kChannelTile;
        if (++filled < kWindows) continue;
        compute_windows<kVectors, kWindows, kCandidates>(shape, weights, from, target, to);
        filled = 0;
      }
    }
    for (int left = 0; left < filled; ++left)
      compute_windows<kVectors, 1, kCandidates>(shape, weights, from + left, target, to + left);
  }

  /// Where the results of a range of rows go.
  struct Target {
    float* outputs;
    std::int8_t* winners;
  };

  template <int kVectors, int kWindows, int kCandidates>
  HWY_INLINE void compute_windows(const TileShape& shape, const TileWeights<kVectors>& weights,
                                  const float* const* from, const Target& target, const std::size_t* to) {
    Vec sums[kWindows * kCandidates][kVectors];
    sum_tile<kVectors, kWindows, kCandidates>(shape, weights, from, sums);
    const bool relu = plan_.layer.activation == Activation::relu;
    for (int window = 0; window < kWindows; ++window)
      for (int v = 0; v < kVectors; ++v) {
        Vec candidates[kCandidates];
        for (int c = 0; c < kCandidates; ++c) candidates[c] = sums[window * kCandidates + c][v];
        const std::size_t place = to[window] + static_cast<std::size_t>(v) * kLanes;
        pool_candidates<kCandidates>(candidates, relu, target.outputs + place, target.winners + place);
      }
  }

  // ---- backward ----

  void add_bias_gradients(std::size_t row, Rows tiles, float* sums) {
    const float* const gradients = output_.gradient(row);
    for (std::uint32_t channel = tiles.begin * kChannelTile; channel < tiles.end * kChannelTile; channel += kLanes) {
      Vec sum = load(sums + channel);
      for (std::size_t window = 0; window < geometry_.windows; ++window) {
        const std::size_t place = window * geometry_.channels + channel;
        const Vec alive = load_bytes(winners(row) + place);
        sum = add(sum, select(greater(zero(), alive), zero(), load(gradients + place)));
      }
      store(sum, sums + channel);
    }
  }

  /// The weights' gradients for the grey image: [out / 16][y][x][out % 16]. For each output channel what its alive
  /// windows add is listed; vectors run over a kernel row, as far as it is no wider.
  void add_weight_gradients_narrow(std::size_t row, Rows tiles, float* sums, float* scratch) {
    const std::size_t width = plan_.layer.kernel[1], height = plan_.layer.kernel[0];
    auto* const list = reinterpret_cast<AliveWindow*>(scratch);
    const std::uint32_t end = std::min(tiles.end * kChannelTile, plan_.layer.filters);
    for (std::uint32_t channel = tiles.begin * kChannelTile; channel < end; ++channel) {
      const std::span<const AliveWindow> alive(list, list_alive_windows(row, channel, list));
      float* const tile = sums + channel / kChannelTile * kChannelTile * geometry_.taps + channel % kChannelTile;
      for (std::size_t x = 0; x < width; x += kLanes) {
        const std::size_t columns = std::min<std::size_t>(kLanes, width - x);
        const auto add_rows = [&](auto rows, std::size_t y) HWY_ATTR {
          add_kernel_rows<decltype(rows)::value>(alive, image(row) + y * geometry_.image_row + x, columns,
                                                 tile + (y * width + x) * kChannelTile);
        };
        std::size_t y = 0;
        for (; y + 5 <= height; y += 5) add_rows(std::integral_constant<int, 5>(), y);
        for (; y < height; ++y) add_rows(std::integral_constant<int, 1>(), y);
      }
    }
  }

  /// Lists a channel's alive windows, and one more that may be loaded; returns how many they are.
  std::size_t list_alive_windows(std::size_t row, std::uint32_t channel, AliveWindow* list) {
    const std::int8_t* const won = winners(row) + channel;
    const float* const gradients = output_.gradient(row) + channel;
    std::size_t count = 0;
    for (std::size_t window = 0; window < geometry_.windows; ++window) {
      const std::int8_t winner = won[window * geometry_.channels];
      // Written first and kept only if the window is alive.
      list[count] = {gradients[window * geometry_.channels],
                     geometry_.window_offset[window] + geometry_.candidate_offset[winner & 3]};
      count += winner >= 0 ? 1 : 0;
    }
    list[count] = {0, 0};
    return count;
  }

  /// sums[y][x][16] += gradient * patch[y][x], for some rows and columns of one channel's kernel. `alive` has a window
  /// behind its end that may be loaded, ahead of the sums of the last one, which would wait for it otherwise.
  template <int kRows>
  void add_kernel_rows(std::span<const AliveWindow> alive, const float* image, std::size_t columns, float* sums) const {
    const std::size_t width = plan_.layer.kernel[1];
    float lanes[kLanes] = {};
    Vec sum[kRows];
    HWY_UNROLL(32) for (std::size_t y = 0; y < kRows; ++y) {
      for (std::size_t x = 0; x < columns; ++x) lanes[x] = sums[(y * width + x) * kChannelTile];
      sum[y] = load(lanes);
    }
    const AliveWindow* next = alive.data();
    Vec next_gradient = broadcast(next->gradient);
    const float* next_patch = image + next->offset;
    for (const AliveWindow* const end = next + alive.size(); next != end;) {
      Vec gradient = next_gradient;
      const float* const patch = next_patch;
      ++next;
      next_gradient = broadcast(next->gradient);
      next_patch = image + next->offset;
      keep_order(next_gradient, next_patch, gradient);
      HWY_UNROLL(32)
      for (std::size_t y = 0; y < kRows; ++y)
        sum[y] = multiply_add(gradient, load(patch + y * geometry_.image_row), sum[y]);
    }
    HWY_UNROLL(32) for (std::size_t y = 0; y < kRows; ++y) {
      store(sum[y], lanes);
      for (std::size_t x = 0; x < columns; ++x) sums[(y * width + x) * kChannelTile] = lanes[x];
    }
  }

  ConvolutionPlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  ConvolutionGeometry geometry_;
  Buffer<std::int8_t> winners_;  ///< (row, window, channel), strides as the output's
  Buffer<float> padded_images_;
  std::optional<Winograd> winograd_;               ///< for 3x3 with stride 1 and pooling
  std::optional<ConvolutionGradients> gradients_;  ///< unless narrow
  SlotSums sums_;
  ParameterStore weights_, biases_;
  Buffer<float> forward_weights_;  ///< [out / 16][y][x][in][out % 16]; narrow: weights_ has that layout itself
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
