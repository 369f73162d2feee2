#include "formats/tensor_names.h"

#include <algorithm>
#include <variant>

#include "model/layer_names.h"

namespace nib {
namespace {

/// PyTorch counts an activation as a module of its own; the last layer's softmax is usually left out.
std::size_t modules_in_sequential(const Layer& layer) {
  const auto* convolution = std::get_if<Convolution>(&layer);
  const auto* dense = std::get_if<Dense>(&layer);
  const Activation activation = convolution ? convolution->activation : dense ? dense->activation : Activation::none;
  return activation == Activation::none ? 1 : 2;
}

/// The number of each layer's first module.
std::vector<std::string> layers_in_sequential(const Network& network) {
  std::vector<std::string> numbers;
  std::size_t modules = 0;
  for (const Layer& layer : network.layers) {
    numbers.push_back(std::to_string(modules));
    modules += modules_in_sequential(layer);
  }
  return numbers;
}

/// The tensors' names where their layers have these.
std::vector<std::string> tensor_names(const Network& network, const std::vector<std::string>& layers) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : parameter_specs(network))
    names.push_back(layers[spec.layer] + spec.name.substr(spec.name.rfind('.')));
  return names;
}

}  // namespace

std::vector<std::string> names_in_file(const Network& network,
                                       const std::function<bool(std::string_view)>& has_tensor) {
  for (const std::vector<std::string>& layers : {layers_in_sequential(network), keras_layer_names(network)}) {
    std::vector<std::string> names = tensor_names(network, layers);
    if (std::ranges::all_of(names, has_tensor)) return names;
  }
  return tensor_names(network, layer_names(network));
}

}  // namespace nib
