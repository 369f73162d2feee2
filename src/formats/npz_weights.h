#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/weights.h"

namespace nib {

// Weights in a NumPy archive (numpy.savez): a row of weights_formats.h. Arrays are called as the tensors of a
// safetensors file, single texts as the keys of its metadata.

/// By the name of the first array; where that is damaged, by those that nib gives its own.
bool is_npz(std::span<const std::uint8_t> bytes);
WeightsFile parse_npz_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                              const WeightsOptions& options);
std::vector<std::uint8_t> npz_weights_bytes(const WeightsFile& model, const std::string& file);

}  // namespace nib
