#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace nib {

/// What a file is that turned out not to be safetensors.
struct ForeignFormat {
  std::string name;  ///< "an HDF5 file"
  std::string hint;  ///< how to get at the weights in it
};

/// Looks at the first bytes. Only for files that have failed as safetensors: a header length can look like anything.
std::optional<ForeignFormat> recognise_foreign_format(std::span<const std::uint8_t> bytes);

}  // namespace nib
