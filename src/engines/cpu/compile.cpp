#include "engines/cpu/compile.h"

#include <algorithm>
#include <string>
#include <utility>

#include "model/live_part.h"

namespace nib::cpu {
namespace {

class Compiler {
 public:
  Compiler(const Network& network, Instructions instructions, std::uint32_t row_capacity)
      : network_(network),
        instructions_(instructions),
        row_capacity_(row_capacity),
        outputs_(output_shapes(network)),
        live_(live_inputs(network)) {}

  Program compile() {
    program_.activations.push_back(std::make_unique<ActivationBuffer>(
        Extent{live_[0][0], live_[0][1], network_.input.channels, network_.input.channels}, row_capacity_, false));
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      if (const auto* convolution = std::get_if<Convolution>(&network_.layers[i]))
        i = add_convolution(i, *convolution);
      else if (const auto* pool = std::get_if<MaxPool>(&network_.layers[i]))
        add_max_pool(i, *pool);
      else if (const auto* dense = std::get_if<Dense>(&network_.layers[i]))
        add_dense(*dense);
      else if (const auto* dropout = std::get_if<Dropout>(&network_.layers[i]))
        add_dropout(i, *dropout);
      // Flatten changes nothing here: a dense block reads the image's memory as it lies.
    }
    program_.spatial_blocks = static_cast<std::size_t>(std::count_if(
        program_.blocks.begin(), program_.blocks.end(), [](const auto& block) { return block->spatial(); }));
    return std::move(program_);
  }

 private:
  const Extent& input_extent() const { return program_.activations.back()->extent; }

  ActivationBuffer& input() { return *program_.activations.back(); }

  ActivationBuffer& add_output(const Extent& extent) {
    program_.activations.push_back(std::make_unique<ActivationBuffer>(extent, row_capacity_, true));
    return *program_.activations.back();
  }

  /// Behind the layer at `layer`, in its live part.
  Extent output_extent(std::size_t layer, std::uint32_t channel_stride) const {
    return {live_[layer + 1][0], live_[layer + 1][1], outputs_[layer].channels, channel_stride};
  }

  static std::uint32_t padded(std::uint32_t channels) {
    return static_cast<std::uint32_t>(round_up(channels, kChannelTile));
  }

  /// Returns the index of the last layer that the block covers.
  std::size_t add_convolution(std::size_t layer, const Convolution& convolution) {
    ConvolutionPlan plan;
    plan.name = "conv" + std::to_string(++convolutions_);
    if (convolution.activation == Activation::relu) plan.name += "+relu";
    plan.layer = convolution;
    plan.input_channels = input_extent().channels;
    plan.first = !parameters_before_;
    plan.row_capacity = row_capacity_;

    const Shape& whole_input = layer == 0 ? network_.input : outputs_[layer - 1];
    std::size_t last = layer;
    if (const auto* pool =
            layer + 1 < network_.layers.size() ? std::get_if<MaxPool>(&network_.layers[layer + 1]) : nullptr;
        pool != nullptr && pool->size == Size{2, 2} && pool->stride == Size{2, 2}) {
      plan.pool = 2;
      plan.name += "+pool";
      last = layer + 1;
    }
    const Extent output = output_extent(last, padded(convolution.filters));
    const auto [height, width] = convolution.kernel;
    const auto [down, across] = convolution.stride;
    if (convolution.padding == Padding::same) {
      plan.pad_top = padding_before(whole_input.height, outputs_[layer].height, height, down);
      plan.pad_left = padding_before(whole_input.width, outputs_[layer].width, width, across);
    }
    plan.padded_height = std::max(plan.pad_top + input_extent().height, (outputs_[layer].height - 1) * down + height);
    plan.padded_width = std::max(plan.pad_left + input_extent().width, (outputs_[layer].width - 1) * across + width);
    if (convolution.padding == Padding::valid) {
      plan.padded_height = input_extent().height;
      plan.padded_width = input_extent().width;
    }
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output(output);
    const bool image = image_convolution_fits(plan, from, to);
    program_.blocks.push_back(image ? make_image_convolution(instructions_, std::move(plan), from, to)
                                    : make_convolution(instructions_, std::move(plan), from, to));
    parameters_before_ = true;
    return last;
  }

  void add_max_pool(std::size_t layer, const MaxPool& pool) {
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output(output_extent(layer, from.extent.channel_stride));
    program_.blocks.push_back(
        make_max_pool({"pool" + std::to_string(layer + 1), pool, !parameters_before_, row_capacity_}, from, to));
  }

  void add_dropout(std::size_t layer, const Dropout& dropout) {
    ActivationBuffer& from = input();
    // Behind Flatten the extent is still the whole image's, and the mask is numbered as that image is.
    const Extent& extent = from.extent;
    const Shape shape =
        outputs_[layer].flat ? Shape{extent.height, extent.width, extent.channels, true} : outputs_[layer];
    ActivationBuffer& to = add_output(extent);
    program_.blocks.push_back(
        make_dropout({"dropout" + std::to_string(layer + 1), dropout, static_cast<std::uint32_t>(layer), shape,
                      dense_layers_ == 0, !parameters_before_},
                     from, to));
  }

  void add_dense(const Dense& dense) {
    DensePlan plan;
    plan.name = "fc" + std::to_string(++dense_layers_);
    if (dense.activation == Activation::relu) plan.name += "+relu";
    plan.layer = dense;
    plan.first = !parameters_before_;
    plan.row_capacity = row_capacity_;
    // The canonical order of the inputs is (channel, row, column); a vector is that with one row and column.
    const Extent& extent = input_extent();
    for (std::uint32_t channel = 0; channel < extent.channels; ++channel)
      for (std::uint32_t y = 0; y < extent.height; ++y)
        for (std::uint32_t x = 0; x < extent.width; ++x)
          plan.input_position.push_back((y * extent.width + x) * extent.channel_stride + channel);
    ActivationBuffer& from = input();
    ActivationBuffer& to = add_output({1, 1, dense.units, padded(dense.units)});
    program_.blocks.push_back(make_dense(instructions_, std::move(plan), from, to));
    parameters_before_ = true;
  }

  const Network& network_;
  Instructions instructions_;
  std::uint32_t row_capacity_;
  std::vector<Shape> outputs_;
  std::vector<Size> live_;
  Program program_;
  bool parameters_before_ = false;  ///< some block so far has parameters, so gradients have to reach it
  unsigned convolutions_ = 0, dense_layers_ = 0;
};

}  // namespace

Program compile(const Network& network, Instructions instructions, std::uint32_t row_capacity) {
  return Compiler(network, instructions, row_capacity).compile();
}

}  // namespace nib::cpu
