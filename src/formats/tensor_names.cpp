#include "formats/tensor_names.h"

#include <algorithm>
#include <variant>

namespace nib {
namespace {

/// PyTorch counts an activation as a module of its own; the last layer's softmax is usually left out.
std::size_t modules_in_sequential(const Layer& layer) {
  const auto* convolution = std::get_if<Convolution>(&layer);
  const auto* dense = std::get_if<Dense>(&layer);
  const Activation activation = convolution ? convolution->activation : dense ? dense->activation : Activation::none;
  return activation == Activation::none ? 1 : 2;
}

std::vector<std::string> names_in_sequential(const Network& network) {
  std::vector<std::size_t> first_module;  // of each layer
  std::size_t modules = 0;
  for (const Layer& layer : network.layers) {
    first_module.push_back(modules);
    modules += modules_in_sequential(layer);
  }
  std::vector<std::string> names;
  for (const ParameterSpec& spec : parameter_specs(network))
    names.push_back(std::to_string(first_module[spec.layer]) + spec.name.substr(spec.name.rfind('.')));
  return names;
}

}  // namespace

std::vector<std::string> names_in_file(const Network& network,
                                       const std::function<bool(std::string_view)>& has_tensor) {
  std::vector<std::string> names = names_in_sequential(network);
  if (std::all_of(names.begin(), names.end(), has_tensor)) return names;
  names.clear();
  for (const ParameterSpec& spec : parameter_specs(network)) names.push_back(spec.name);
  return names;
}

}  // namespace nib
