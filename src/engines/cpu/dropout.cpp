// Dropout: in training, an element is dropped or scaled by 1 / (1 - rate) as dropout_keeps() says; else nothing
// happens.

#include <utility>

#include "engines/cpu/block.h"
#include "nib/arithmetic/philox.h"

namespace nib::cpu {
namespace {

class DropoutBlock : public Block {
 public:
  DropoutBlock(DropoutPlan plan, bool spatial, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        spatial_(spatial),
        input_(input),
        output_(output),
        rate_(static_cast<float>(plan_.layer.rate)),
        scale_(static_cast<float>(1.0 / (1.0 - plan_.layer.rate))) {}

  std::string name() const override { return plan_.name; }
  bool spatial() const override { return spatial_; }

  void forward(const Step& step, Rows rows, float*) override {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) apply(step, row, input_.row(row), output_.row(row));
  }

  void backward(const Step& step, Rows rows, std::uint32_t, float*) override {
    if (!plan_.input_gradient) return;
    for (std::uint32_t row = rows.begin; row < rows.end; ++row)
      apply(step, row, output_.gradient(row), input_.gradient(row));
  }

 private:
  void apply(const Step& step, std::uint32_t row, const float* from, float* to) const {
    const Extent& extent = output_.extent;
    for (std::uint32_t y = 0; y < extent.height; ++y)
      for (std::uint32_t x = 0; x < extent.width; ++x)
        for (std::uint32_t channel = 0; channel < extent.channels; ++channel) {
          const std::size_t place = (std::size_t{y} * extent.width + x) * extent.channel_stride + channel;
          // Numbered by the layer's whole shape: what later pooling drops has its number, too.
          const std::uint64_t element = row * plan_.numbering.size() +
                                        (std::uint64_t{y} * plan_.numbering.width + x) * plan_.numbering.channels +
                                        channel;
          if (!step.training)
            to[place] = from[place];
          else if (dropout_keeps(step.seed, plan_.layer_index, step.number, element, rate_))
            to[place] = from[place] * scale_;
          else
            to[place] = 0.0f;
        }
  }

  DropoutPlan plan_;
  bool spatial_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  float rate_, scale_;
};

}  // namespace

std::unique_ptr<Block> make_dropout(DropoutPlan plan, bool spatial, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<DropoutBlock>(std::move(plan), spatial, input, output);
}

}  // namespace nib::cpu
