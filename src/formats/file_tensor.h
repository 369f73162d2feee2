#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// One tensor of a file, its numbers as they stand there.
struct FileTensor {
  std::string name;
  std::string dtype;                    ///< safetensors' word for it, see number_formats.h
  std::vector<std::uint32_t> shape;     ///< row-major; empty for a scalar
  std::span<const std::uint8_t> bytes;  ///< little-endian; points into what the file was read from
};

}  // namespace nib
