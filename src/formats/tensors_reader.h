#pragma once

#include <string>
#include <vector>

#include "formats/safetensors_file.h"
#include "nib/network.h"
#include "nib/parameters.h"

namespace nib {

struct TensorRules {
  bool allow_extra = false;      ///< tensors that the network has no place for are ignored
  bool allow_nonfinite = false;  ///< NaN and infinity are let through
};

/// Takes the network's parameters out of a file: names, shapes and dtypes are checked before any number is read.
/// What a user should know goes to `notes`, a line each. Throws Error (bad input) naming the tensor.
Parameters read_parameters(const SafetensorsFile& file, const Network& network, const TensorRules& rules,
                           const std::string& source, std::vector<std::string>& notes);

}  // namespace nib
