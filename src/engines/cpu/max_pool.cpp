// Max-pool that stands alone: any window and stride, the first greatest element in row-major order wins, NaN wins
// always. Comparisons only, so plain loops give the same bits on every target.

#include <cmath>
#include <cstring>
#include <utility>

#include "engines/cpu/block.h"

namespace nib::cpu {
namespace {

class MaxPoolBlock : public Block {
 public:
  MaxPoolBlock(MaxPoolPlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        input_(input),
        output_(output),
        winners_(output.room.gradients * output.extent.size()) {}

  std::string name() const override { return plan_.name; }

  void forward(const Step&, Rows rows, float*) override {
    const Extent& out = output_.extent;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row)
      for (std::uint32_t y = 0; y < out.height; ++y)
        for (std::uint32_t x = 0; x < out.width; ++x)
          for (std::uint32_t channel = 0; channel < out.channels; ++channel) pool(row, y, x, channel);
  }

  void backward(const Step&, Rows slot_rows, std::uint32_t, Part part, float*) override {
    if (!plan_.input_gradient) return;
    const Rows rows = part.of(slot_rows.begin, slot_rows.end);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      float* const target = input_.gradient(row);
      std::memset(target, 0, input_.extent.size() * sizeof(float));
      const float* const gradients = output_.gradient(row);
      const std::uint32_t* const winners = winners_.data() + output_.place(row) * output_.extent.size();
      for (std::size_t i = 0; i < output_.extent.size(); ++i)
        if (i % output_.extent.channel_stride < output_.extent.channels) target[winners[i]] += gradients[i];
    }
  }

  std::uint32_t backward_parts() const override { return kRowParts; }

 private:
  void pool(std::size_t row, std::uint32_t y, std::uint32_t x, std::uint32_t channel) {
    const Extent& in = input_.extent;
    const float* const image = input_.row(row);
    const auto position = [&](std::uint32_t down, std::uint32_t across) {
      return (std::size_t{y * plan_.layer.stride[0] + down} * in.width + x * plan_.layer.stride[1] + across) *
                 in.channel_stride +
             channel;
    };
    std::size_t winner = position(0, 0);
    for (std::uint32_t down = 0; down < plan_.layer.size[0]; ++down)
      for (std::uint32_t across = 0; across < plan_.layer.size[1]; ++across) {
        const std::size_t candidate = position(down, across);
        if (image[candidate] > image[winner] || (std::isnan(image[candidate]) && !std::isnan(image[winner])))
          winner = candidate;
      }
    const Extent& out = output_.extent;
    const std::size_t place = (std::size_t{y} * out.width + x) * out.channel_stride + channel;
    output_.row(row)[place] = image[winner];
    winners_[output_.place(row) * out.size() + place] = static_cast<std::uint32_t>(winner);
  }

  MaxPoolPlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  Buffer<std::uint32_t> winners_;  ///< (row, output element): where in the input's row its value came from
};

}  // namespace

std::unique_ptr<Block> make_max_pool(MaxPoolPlan plan, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<MaxPoolBlock>(std::move(plan), input, output);
}

}  // namespace nib::cpu
