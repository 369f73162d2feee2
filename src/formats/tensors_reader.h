#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/file_tensor.h"
#include "formats/weights.h"
#include "nib/network.h"
#include "nib/parameters.h"

namespace nib {

struct TensorRules {
  std::vector<std::string> moments{};     ///< sets of tensors beside the parameters, passed over: see checkpoint.h
  bool canonical = false;                 ///< nib's own file: of one layout only
  std::string format{};                   ///< what the metadata say of the writer, see find_tensors()
  std::optional<FlattenOrder> flatten{};  ///< of the inputs behind Flatten; without it, PyTorch's own layout tells
  bool allow_extra = false;               ///< tensors that the network has no place for are ignored
  bool allow_nonfinite = false;           ///< NaN and infinity are let through
};

/// Takes the network's parameters out of a file: names, shapes and dtypes are checked before any number is read, and
/// brought into the canonical layout. What a user should know goes to `notes`, a line each. Throws Error (bad input)
/// naming the tensor.
Parameters read_parameters(std::span<const FileTensor> tensors, const Network& network, const TensorRules& rules,
                           const std::string& source, std::vector<std::string>& notes);

/// Takes one of those sets, whose tensors have the parameters' own names behind the moment's. All F32 and finite.
Parameters read_moment(std::span<const FileTensor> tensors, const Network& network, const std::string& moment,
                       const std::string& source);

}  // namespace nib
