#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/file_tensor.h"

namespace nib {

/// The two tensors of a layer, as their names say.
struct NamedLayer {
  std::string name;  ///< without what the names of all layers begin with
  const FileTensor* weight = nullptr;
  const FileTensor* bias = nullptr;
};

/// The layers of a file that have both; tensors with other names are left out.
std::vector<NamedLayer> named_layers(std::span<const FileTensor> tensors);

/// A name's number: "Dense_1" is "Dense_" and 1, "dense" is "dense_" and 0 (so Keras counts).
struct NumberedName {
  std::string stem;
  std::uint64_t number = 0;
};
NumberedName numbered(const std::string& name);

}  // namespace nib
