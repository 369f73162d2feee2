#include "model/live_part.h"

namespace nib {

std::vector<Size> live_inputs(const Network& network) {
  const std::vector<Shape> outputs = output_shapes(network);
  std::vector<Size> live(network.layers.size() + 1);
  live.back() = {outputs.back().height, outputs.back().width};
  for (std::size_t i = network.layers.size(); i-- > 0;) {
    const Shape& input = i == 0 ? network.input : outputs[i - 1];
    const Size whole{input.height, input.width};
    const auto under = [&](const Size& window, const Size& stride) {
      return Size{(live[i + 1][0] - 1) * stride[0] + window[0], (live[i + 1][1] - 1) * stride[1] + window[1]};
    };
    if (const auto* convolution = std::get_if<Convolution>(&network.layers[i]))
      live[i] = convolution->padding == Padding::valid ? under(convolution->kernel, convolution->stride) : whole;
    else if (const auto* pool = std::get_if<MaxPool>(&network.layers[i]))
      live[i] = under(pool->size, pool->stride);
    else if (const auto* average = std::get_if<AveragePool>(&network.layers[i]))
      live[i] = under(average->size, average->stride);
    else if (std::holds_alternative<Dropout>(network.layers[i]))
      live[i] = live[i + 1];
    else
      live[i] = whole;
  }
  return live;
}

std::uint32_t padding_before(std::uint32_t input, std::uint32_t output, std::uint32_t kernel, std::uint32_t stride) {
  const std::uint32_t covered = (output - 1) * stride + kernel;
  return covered > input ? (covered - input) / 2 : 0;
}

}  // namespace nib
