#include "formats/keras/layout.h"

#include <variant>

namespace nib::keras {

std::vector<std::uint32_t> shape_of(const ParameterSpec& spec) {
  const std::vector<std::uint32_t>& ours = spec.shape;
  if (ours.size() == 4) return {ours[2], ours[3], ours[1], ours[0]};
  if (ours.size() == 2) return {ours[1], ours[0]};
  return ours;
}

Layout::Layout(const Network& network) {
  Shape image = network.input, flattened = network.input;
  const std::vector<Shape> outputs = output_shapes(network);
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    if (std::holds_alternative<Flatten>(network.layers[index])) flattened = image;
    const bool is_dense = std::holds_alternative<Dense>(network.layers[index]);
    inputs_.push_back(is_dense ? flattened : image);
    image = outputs[index];
    if (is_dense) flattened = image;  // a vector, which has one order
  }
}

template <typename Visit>
void Layout::pair_up(const ParameterSpec& spec, const Visit& visit) const {
  const std::vector<std::uint32_t>& shape = spec.shape;
  std::size_t ours = 0;
  if (shape.size() == 1) {
    for (; ours < shape[0]; ++ours) visit(ours, ours);
    return;
  }
  // A dense kernel is a convolution's that covers all of its input.
  const bool dense = shape.size() == 2;
  const Shape& input = inputs_[spec.layer];
  const std::size_t outs = shape[0], channels = dense ? input.channels : shape[1],
                    height = dense ? input.height : shape[2], width = dense ? input.width : shape[3];
  for (std::size_t out = 0; out < outs; ++out)
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t row = 0; row < height; ++row)
        for (std::size_t column = 0; column < width; ++column, ++ours)
          visit(ours, ((row * width + column) * channels + channel) * outs + out);
}

Tensor Layout::to_ours(const ParameterSpec& spec, const std::vector<float>& values) const {
  Tensor tensor{spec.name, spec.shape, std::vector<float>(values.size())};
  pair_up(spec, [&](std::size_t ours, std::size_t keras) { tensor.values[ours] = values[keras]; });
  return tensor;
}

std::vector<float> Layout::to_keras(const ParameterSpec& spec, const std::vector<float>& values) const {
  std::vector<float> moved(values.size());
  pair_up(spec, [&](std::size_t ours, std::size_t keras) { moved[keras] = values[ours]; });
  return moved;
}

}  // namespace nib::keras
