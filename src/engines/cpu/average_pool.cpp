// Average pool of any window and stride; a global one has one window over the whole image. A window's numbers are added
// in row-major order, then divided by their count: sums and quotients alone, so plain loops give the same bits on every
// target.

#include <cstring>
#include <utility>

#include "engines/cpu/block.h"

namespace nib::cpu {
namespace {

class AveragePoolBlock : public Block {
 public:
  AveragePoolBlock(AveragePoolPlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)), input_(input), output_(output) {}

  std::string name() const override { return plan_.name; }

  void forward(const Step&, Rows rows, float*) override {
    const auto pixels = static_cast<float>(plan_.layer.size[0] * plan_.layer.size[1]);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      const float* const image = input_.row(row);
      for_each_window([&](std::size_t window, std::size_t output) {
        float* const means = output_.row(row) + output;
        std::memset(means, 0, channels() * sizeof(float));
        for_each_pixel(window, [&](std::size_t pixel) {
          for (std::size_t channel = 0; channel < channels(); ++channel) means[channel] += image[pixel + channel];
        });
        for (std::size_t channel = 0; channel < channels(); ++channel) means[channel] /= pixels;
      });
    }
  }

  std::size_t scratch_size() const override { return channels(); }

  void backward(const Step&, Rows slot_rows, std::uint32_t, Part part, float* shares) override {
    if (!plan_.input_gradient) return;
    const Rows rows = part.of(slot_rows.begin, slot_rows.end);
    const auto pixels = static_cast<float>(plan_.layer.size[0] * plan_.layer.size[1]);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      float* const target = input_.gradient(row);
      std::memset(target, 0, input_.extent.size() * sizeof(float));
      for_each_window([&](std::size_t window, std::size_t output) {
        const float* const gradients = output_.gradient(row) + output;
        for (std::size_t channel = 0; channel < channels(); ++channel) shares[channel] = gradients[channel] / pixels;
        for_each_pixel(window, [&](std::size_t pixel) {
          for (std::size_t channel = 0; channel < channels(); ++channel) target[pixel + channel] += shares[channel];
        });
      });
    }
  }

  std::uint32_t backward_parts() const override { return kRowParts; }

 private:
  std::size_t channels() const { return input_.extent.channels; }

  /// Calls visit(window's first input, its output) for all windows of an image, in order; both are first channels.
  template <typename Visit>
  void for_each_window(const Visit& visit) const {
    const Extent &in = input_.extent, &out = output_.extent;
    const auto& [down, across] = plan_.layer.stride;
    for (std::size_t y = 0; y < out.height; ++y)
      for (std::size_t x = 0; x < out.width; ++x)
        visit((y * down * in.width + x * across) * in.channel_stride, (y * out.width + x) * out.channel_stride);
  }

  template <typename Visit>
  void for_each_pixel(std::size_t window, const Visit& visit) const {
    const Extent& in = input_.extent;
    for (std::size_t y = 0; y < plan_.layer.size[0]; ++y)
      for (std::size_t x = 0; x < plan_.layer.size[1]; ++x) visit(window + (y * in.width + x) * in.channel_stride);
  }

  AveragePoolPlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
};

}  // namespace

std::unique_ptr<Block> make_average_pool(AveragePoolPlan plan, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<AveragePoolBlock>(std::move(plan), input, output);
}

}  // namespace nib::cpu
