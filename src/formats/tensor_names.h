#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "nib/network.h"

namespace nib {

/// The names under which a file holds the tensors of parameter_specs(network): nib's own, or, where the file has all of
/// them, the module numbers of a torch.nn.Sequential (0.weight, 0.bias, 3.weight ...) or the layers' names in Keras
/// (conv2d.weight, dense.bias ...).
std::vector<std::string> names_in_file(const Network& network, const std::function<bool(std::string_view)>& has_tensor);

}  // namespace nib
