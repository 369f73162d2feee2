#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "model/layer_names.h"
#include "nib/network.h"

namespace nib {
namespace {

constexpr std::uint32_t largest_side = 256;  ///< of the input, of kernels, windows and strides; as data sets have it
constexpr std::uint64_t most_numbers = std::uint64_t{1} << 24;  ///< between two layers, for one image

std::string times(const std::array<std::uint32_t, 2>& sizes) { return fmt::format("{}x{}", sizes[0], sizes[1]); }

std::string times(const Shape& shape) { return fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels); }

Error layer_error(const std::string& label, std::string problem, std::string expected, std::string got,
                  std::string hint = {}) {
  return input_error({.field = label,
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got),
                      .hint = std::move(hint)});
}

void check_sides(const std::string& label, const char* what, const std::array<std::uint32_t, 2>& sides) {
  for (const std::uint32_t side : sides)
    if (side < 1 || side > largest_side)
      throw layer_error(label, fmt::format("{} out of range", what), fmt::format("1 to {} each", largest_side),
                        times(sides));
}

void check_image(const std::string& label, const Shape& input) {
  if (input.flat)
    throw layer_error(label, "needs an image as its input", "height x width x channels",
                      fmt::format("a flat vector of {}", input.channels), "put it before flatten");
}

void check_fits(const std::string& label, const char* what, const std::array<std::uint32_t, 2>& window,
                const Shape& input) {
  if (window[0] > input.height || window[1] > input.width)
    throw layer_error(label,
                      fmt::format("{} {} does not fit its input {}x{}", what, times(window), input.height, input.width),
                      {}, {});
}

/// Output pixels along one side; the window fits.
std::uint32_t valid_positions(std::uint32_t side, std::uint32_t window, std::uint32_t stride) {
  return (side - window) / stride + 1;
}

/// The shape behind each kind of layer, which is checked against its input on the way.
struct OutputShape {
  const std::string& label;
  const Shape& input;

  Shape operator()(const Convolution& layer) const {
    check_image(label, input);
    if (layer.filters == 0) throw layer_error(label, "has no filters", "at least 1", "0");
    check_sides(label, "kernel", layer.kernel);
    check_sides(label, "stride", layer.stride);
    if (layer.padding == Padding::same)
      return {(input.height - 1) / layer.stride[0] + 1, (input.width - 1) / layer.stride[1] + 1, layer.filters};
    check_fits(label, "kernel", layer.kernel, input);
    return {valid_positions(input.height, layer.kernel[0], layer.stride[0]),
            valid_positions(input.width, layer.kernel[1], layer.stride[1]), layer.filters};
  }

  Shape operator()(const MaxPool& layer) const { return pooled(layer); }
  Shape operator()(const AveragePool& layer) const { return pooled(layer); }

  Shape operator()(const GlobalAveragePool&) const {
    check_image(label, input);
    return {1, 1, input.channels, true};
  }

  Shape operator()(const Flatten&) const {
    check_image(label, input);
    return {1, 1, static_cast<std::uint32_t>(input.size()), true};
  }

  Shape operator()(const Dense& layer) const {
    if (!input.flat)
      throw layer_error(label, "needs a flat input", "a vector", times(input),
                        "put flatten or global_average_pool before it");
    if (layer.units == 0) throw layer_error(label, "has no units", "at least 1", "0");
    return {1, 1, layer.units, true};
  }

  Shape operator()(const Dropout& layer) const {
    // Engines scale by 1 / (1 - rate) in float, so a rate that rounds to 1 there is out of range as well.
    if (!(layer.rate >= 0 && static_cast<float>(layer.rate) < 1.0F))
      throw layer_error(label, "rate out of range", "at least 0, below 1", fmt::format("{}", layer.rate));
    return input;
  }

 private:
  template <typename Pool>
  Shape pooled(const Pool& layer) const {
    check_image(label, input);
    check_sides(label, "size", layer.size);
    check_sides(label, "stride", layer.stride);
    check_fits(label, "size", layer.size, input);
    return {valid_positions(input.height, layer.size[0], layer.stride[0]),
            valid_positions(input.width, layer.size[1], layer.stride[1]), input.channels};
  }
};

void check_size(const std::string& label, const char* what, const Shape& shape) {
  if (shape.size() > most_numbers)
    throw layer_error(label, fmt::format("{} is too large", what), fmt::format("at most {} numbers", most_numbers),
                      times(shape));
}

void check_input(const Shape& input) {
  const std::string shape = times(input);
  for (const std::uint32_t side : {input.height, input.width})
    if (side < 1 || side > largest_side)
      throw layer_error("input", "height or width out of range", fmt::format("1 to {} each", largest_side), shape);
  if (input.channels == 0) throw layer_error("input", "has no channels", "at least 1", shape);
  if (input.flat) throw layer_error("input", "must be an image", "height x width x channels", "a flat vector");
  check_size("input", "image", input);
}

}  // namespace

std::vector<Shape> output_shapes(const Network& network) {
  check_input(network.input);
  std::vector<Shape> shapes;
  Shape input = network.input;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const std::string label = layer_label(network, i);
    input = std::visit(OutputShape{label, input}, network.layers[i]);
    check_size(label, "output", input);
    shapes.push_back(input);
  }
  return shapes;
}

}  // namespace nib
