// Dropout: in training, an element is dropped or scaled by 1 / (1 - rate) as dropout_keeps() says; else nothing
// happens.

#include <cstring>
#include <utility>

#include "engines/cpu/block.h"
#include "nib/arithmetic/philox.h"

namespace nib::cpu {
namespace {

class DropoutBlock : public Block {
 public:
  DropoutBlock(DropoutPlan plan, ActivationBuffer& input, ActivationBuffer& output)
      : plan_(std::move(plan)),
        input_(input),
        output_(output),
        rate_(static_cast<float>(plan_.layer.rate)),
        scale_(static_cast<float>(1.0 / (1.0 - plan_.layer.rate))),
        kept_(output.room.gradients * output.extent.size()) {}

  std::string name() const override { return plan_.name; }

  void forward(const Step& step, Rows rows, float*) override {
    const std::size_t size = output_.extent.size();
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      if (step.training) {
        draw(step, row);
        apply(row, input_.row(row), output_.row(row));
      } else {
        std::memcpy(output_.row(row), input_.row(row), size * sizeof(float));
      }
    }
  }

  void backward(const Step&, Rows slot_rows, std::uint32_t, Part part, float*) override {
    if (!plan_.input_gradient) return;
    const Rows rows = part.of(slot_rows.begin, slot_rows.end);
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) apply(row, output_.gradient(row), input_.gradient(row));
  }

  std::uint32_t backward_parts() const override { return kRowParts; }

 private:
  /// Draws which elements of a row are kept, for both passes. Four elements in a row share one block of random words
  /// (dropout_keeps() draws it for each of them).
  void draw(const Step& step, std::uint32_t row) {
    const Extent& extent = output_.extent;
    std::uint64_t drawn = ~std::uint64_t{0};
    Philox4 words{};
    for (std::uint32_t y = 0; y < extent.height; ++y)
      for (std::uint32_t x = 0; x < extent.width; ++x) {
        std::uint8_t* const kept = kept_.data() + output_.place(row) * extent.size() +
                                   (std::size_t{y} * extent.width + x) * extent.channel_stride;
        // Numbered by the layer's whole shape: what later pooling drops has its number, too.
        const std::uint64_t first =
            row * plan_.numbering.size() + (std::uint64_t{y} * plan_.numbering.width + x) * plan_.numbering.channels;
        for (std::uint32_t channel = 0; channel < extent.channels; ++channel) {
          const std::uint64_t element = first + channel;
          if (element / 4 != drawn) {
            drawn = element / 4;
            words = dropout_words(step.seed, plan_.layer_index, step.number, drawn);
          }
          kept[channel] = dropout_keeps(words.word[element % 4], rate_) ? 1 : 0;
        }
      }
  }

  void apply(std::uint32_t row, const float* from, float* to) const {
    const std::size_t size = output_.extent.size();
    const std::uint8_t* const kept = kept_.data() + output_.place(row) * size;
    for (std::size_t i = 0; i < size; ++i) to[i] = kept[i] != 0 ? from[i] * scale_ : 0.0f;
  }

  DropoutPlan plan_;
  ActivationBuffer& input_;
  ActivationBuffer& output_;
  float rate_, scale_;
  Buffer<std::uint8_t> kept_;  ///< (row, element): 1 where kept, in training
};

}  // namespace

std::unique_ptr<Block> make_dropout(DropoutPlan plan, ActivationBuffer& input, ActivationBuffer& output) {
  return std::make_unique<DropoutBlock>(std::move(plan), input, output);
}

}  // namespace nib::cpu
