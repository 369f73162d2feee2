#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "nib/network.h"

namespace nib {

/// The names under which a file holds the tensors of parameter_specs(network): nib's own, or the module numbers of a
/// torch.nn.Sequential (0.weight, 0.bias, 3.weight ...) where the file has all of those.
std::vector<std::string> names_in_file(const Network& network, const std::function<bool(std::string_view)>& has_tensor);

}  // namespace nib
