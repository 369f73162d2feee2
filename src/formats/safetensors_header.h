#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// One tensor as the header of a safetensors file describes it.
struct TensorEntry {
  std::string name;
  std::string dtype;                 ///< one that bytes_per_number() knows
  std::vector<std::uint32_t> shape;  ///< row-major; empty for a scalar
  std::uint64_t begin = 0, end = 0;  ///< bytes, counted from behind the header
};

struct SafetensorsHeader {
  std::map<std::string, std::string> metadata;
  std::vector<TensorEntry> tensors;  ///< in the order of their bytes
};

/// Headers are at most this long, as in the reference implementation (safetensors/src/tensor.rs, MAX_HEADER_SIZE).
constexpr std::uint64_t largest_header = 100'000'000;

/// Reads the JSON text of a header and checks everything that it says against itself and against the number of bytes
/// behind it: dtypes, ranks, sizes, and that the tensors cover those bytes without hole, overlap or remainder.
/// Throws Error (bad input) with `source`, the tensor and its field.
SafetensorsHeader parse_header(std::string_view text, std::uint64_t data_bytes, const std::string& source);

/// The header's JSON text, metadata first, padded with spaces to a multiple of 8 bytes: what the reference writer
/// writes for tensors in that order.
std::string header_text(const SafetensorsHeader& header);

}  // namespace nib
