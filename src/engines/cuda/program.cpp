#include "engines/cuda/program.h"

#include <string>
#include <utility>

#include "model/live_part.h"

namespace nib::cuda {
namespace {

/// A winner's place in its window is kept in 16 bits.
constexpr std::uint64_t most_window_pixels = 65535;

class Compiler {
 public:
  Compiler(const Network& network, std::uint32_t rows, const Workshop& workshop)
      : network_(network),
        rows_(rows),
        workshop_(workshop),
        outputs_(output_shapes(network)),
        live_(live_inputs(network)) {}

  Program compile() {
    add_activation(live_[0], network_.input.channels);
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      if (const auto* convolution = std::get_if<Convolution>(&network_.layers[i]))
        i = add_convolution(i, *convolution);
      else if (const auto* pool = std::get_if<MaxPool>(&network_.layers[i]))
        add_max_pool(i, *pool);
      else if (const auto* dense = std::get_if<Dense>(&network_.layers[i]))
        add_dense(i, *dense);
      else if (const auto* dropout = std::get_if<Dropout>(&network_.layers[i]); dropout && workshop_.training)
        add_dropout(i, *dropout);
      // Flatten changes nothing here: a dense block reads the image's memory as it lies.
    }
    return std::move(program_);
  }

 private:
  const ActivationBuffer& input() const { return *program_.activations.back(); }

  /// Gradients reach only what stands behind the first layer with parameters.
  const ActivationBuffer& add_activation(const Size& size, std::uint32_t channels) {
    auto activation = std::make_unique<ActivationBuffer>();
    activation->rows = rows_;
    activation->height = size[0];
    activation->width = size[1];
    activation->channels = channels;
    activation->values = ArenaArray<float>(workshop_.arena, activation->size());
    if (workshop_.training && tensors_ > 0)
      activation->gradients = ArenaArray<float>(workshop_.arena, activation->size());
    program_.activations.push_back(std::move(activation));
    return input();
  }

  /// The index of a layer's weights among the parameter tensors; its bias is the next.
  std::size_t next_weights() {
    tensors_ += 2;
    return tensors_ - 2;
  }

  /// The pooling that a convolution at `layer` takes along, if any.
  const MaxPool* pool_behind(std::size_t layer) const {
    if (layer + 1 >= network_.layers.size()) return nullptr;
    const auto* pool = std::get_if<MaxPool>(&network_.layers[layer + 1]);
    return pool != nullptr && std::uint64_t{pool->size[0]} * pool->size[1] <= most_window_pixels ? pool : nullptr;
  }

  /// Returns the index of the last layer that the block covers.
  std::size_t add_convolution(std::size_t layer, const Convolution& convolution) {
    ConvolutionPlan plan;
    plan.name = "conv" + std::to_string(++convolutions_);
    if (convolution.activation == Activation::relu) plan.name += "+relu";
    plan.layer = convolution;
    plan.height = live_[layer + 1][0];
    plan.width = live_[layer + 1][1];
    if (convolution.padding == Padding::same) {
      const Shape& whole = layer == 0 ? network_.input : outputs_[layer - 1];
      const auto [down, across] = convolution.stride;
      plan.pad_top = padding_before(whole.height, outputs_[layer].height, convolution.kernel[0], down);
      plan.pad_left = padding_before(whole.width, outputs_[layer].width, convolution.kernel[1], across);
    }
    std::size_t last = layer;
    if (const MaxPool* pool = pool_behind(layer)) {
      plan.pool = *pool;
      plan.name += "+pool";
      last = layer + 1;
    }
    plan.weights = next_weights();
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(live_[last + 1], convolution.filters);
    program_.blocks.push_back(make_convolution(workshop_, std::move(plan), from, to));
    return last;
  }

  void add_max_pool(std::size_t layer, const MaxPool& pool) {
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation(live_[layer + 1], from.channels);
    program_.blocks.push_back(make_max_pool(workshop_, {"pool" + std::to_string(layer + 1), pool}, from, to));
  }

  void add_dropout(std::size_t layer, const Dropout& dropout) {
    const ActivationBuffer& from = input();
    // Behind Flatten the buffer is still the whole image, and the mask is numbered as that image is.
    const Shape whole = outputs_[layer].flat ? Shape{from.height, from.width, from.channels, true} : outputs_[layer];
    const ActivationBuffer& to = add_activation({from.height, from.width}, from.channels);
    program_.blocks.push_back(make_dropout(workshop_,
                                           {.name = "dropout" + std::to_string(layer + 1),
                                            .layer = dropout,
                                            .layer_index = static_cast<std::uint32_t>(layer),
                                            .layer_height = whole.height,
                                            .layer_width = whole.width},
                                           from, to));
  }

  void add_dense(std::size_t layer, const Dense& dense) {
    DensePlan plan{.name = "fc" + std::to_string(++dense_layers_), .layer = dense, .weights = next_weights()};
    if (dense.activation == Activation::relu) plan.name += "+relu";
    if (layer + 1 == network_.layers.size()) program_.last_bias = plan.weights + 1;
    const ActivationBuffer& from = input();
    const ActivationBuffer& to = add_activation({1, 1}, dense.units);
    program_.blocks.push_back(make_dense(workshop_, std::move(plan), from, to));
  }

  const Network& network_;
  std::uint32_t rows_;
  const Workshop& workshop_;
  std::vector<Shape> outputs_;
  std::vector<Size> live_;
  Program program_;
  std::size_t tensors_ = 0;  ///< parameter tensors so far
  unsigned convolutions_ = 0, dense_layers_ = 0;
};

}  // namespace

Program compile(const Network& network, std::uint32_t rows, const Workshop& workshop) {
  return Compiler(network, rows, workshop).compile();
}

}  // namespace nib::cuda
