#include "nib/network.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "model/layer_names.h"

namespace nib {
namespace {

constexpr std::size_t most_layers = 64;
constexpr std::uint64_t most_parameters = std::uint64_t{1} << 28;
constexpr std::uint32_t most_classes = 256;  ///< labels are bytes

/// Parameters of one layer with its input's channels. Shapes are checked, so filters, units and channels are at most
/// 2^24 and kernel sides at most 2^8: a first product that is within bounds keeps the second within 64 bits.
std::uint64_t bounded_parameter_count(const Layer& layer, std::uint32_t channels) {
  const auto count = [channels](std::uint64_t outputs, std::uint64_t kernel) {
    const std::uint64_t pairs = outputs * channels;
    return pairs > most_parameters ? pairs : pairs * kernel + outputs;
  };
  if (const auto* convolution = std::get_if<Convolution>(&layer))
    return count(convolution->filters, std::uint64_t{convolution->kernel[0]} * convolution->kernel[1]);
  if (const auto* dense = std::get_if<Dense>(&layer)) return count(dense->units, 1);
  return 0;
}

void check_activation(const Network& network, std::size_t index) {
  const Layer& layer = network.layers[index];
  const auto* convolution = std::get_if<Convolution>(&layer);
  const auto* dense = std::get_if<Dense>(&layer);
  const bool last = index + 1 == network.layers.size();
  if (convolution && convolution->activation == Activation::softmax)
    throw input_error({.field = layer_label(network, index),
                       .problem = "a convolution cannot have softmax",
                       .expected = "relu or none",
                       .got = "softmax"});
  if (dense && dense->activation == Activation::softmax && !last)
    throw input_error({.field = layer_label(network, index),
                       .problem = "softmax belongs to the last layer alone",
                       .expected = "relu or none",
                       .got = "softmax"});
  if (last && !(dense && dense->activation == Activation::softmax))
    throw input_error(
        {.field = layer_label(network, index), .problem = "the last layer must be dense with activation softmax"});
  if (last && (dense->units < 2 || dense->units > most_classes))
    throw input_error({.field = layer_label(network, index),
                       .problem = "number of classes out of range",
                       .expected = fmt::format("2 to {} units in the last layer", most_classes),
                       .got = fmt::format("{}", dense->units)});
}

}  // namespace

Network digits_network() {
  return {{28, 28, 1},
          {Convolution{.filters = 32, .activation = Activation::relu}, MaxPool{},
           Convolution{.filters = 64, .activation = Activation::relu}, MaxPool{}, Flatten{},
           Dense{128, Activation::relu}, Dense{10, Activation::softmax}}};
}

void validate(const Network& network) {
  if (network.layers.empty() || network.layers.size() > most_layers)
    throw input_error({.field = "layers",
                       .problem = "number of layers out of range",
                       .expected = fmt::format("1 to {}", most_layers),
                       .got = fmt::format("{}", network.layers.size())});
  const std::vector<Shape> shapes = output_shapes(network);
  std::uint64_t parameters = 0;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    parameters += bounded_parameter_count(network.layers[i], (i ? shapes[i - 1] : network.input).channels);
    if (parameters > most_parameters)
      throw input_error({.field = layer_label(network, i),
                         .problem = "the network has too many parameters up to here",
                         .expected = fmt::format("at most {}", most_parameters)});
    check_activation(network, i);
  }
}

std::uint32_t class_count(const Network& network) {
  const auto* last = network.layers.empty() ? nullptr : std::get_if<Dense>(&network.layers.back());
  return last ? last->units : 0;
}

std::uint64_t ParameterSpec::size() const {
  std::uint64_t product = 1;
  for (const std::uint32_t side : shape) product *= side;
  return product;
}

std::vector<ParameterSpec> parameter_specs(const Network& network) {
  const std::vector<Shape> shapes = output_shapes(network);
  const std::vector<std::string> names = layer_names(network);
  std::vector<ParameterSpec> specs;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const std::uint32_t inputs = (i ? shapes[i - 1] : network.input).channels;
    const auto add = [&](std::uint32_t outputs, std::vector<std::uint32_t> shape, std::uint64_t kernel) {
      specs.push_back({names[i] + ".weight", std::move(shape), i, inputs * kernel, outputs * kernel});
      specs.push_back({names[i] + ".bias", {outputs}, i});
    };
    if (const auto* convolution = std::get_if<Convolution>(&network.layers[i]))
      add(convolution->filters, {convolution->filters, inputs, convolution->kernel[0], convolution->kernel[1]},
          std::uint64_t{convolution->kernel[0]} * convolution->kernel[1]);
    else if (const auto* dense = std::get_if<Dense>(&network.layers[i]))
      add(dense->units, {dense->units, inputs}, 1);
  }
  return specs;
}

std::uint64_t parameter_count(const Network& network) {
  std::uint64_t count = 0;
  for (const ParameterSpec& spec : parameter_specs(network)) count += spec.size();
  return count;
}

}  // namespace nib
