#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/safetensors_file.h"
#include "formats/weights.h"

namespace nib {

// Weights in safetensors, nib's own format: a row of weights_formats.h. Beside is_safetensors():

WeightsFile parse_safetensors_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                                      const WeightsOptions& options);
std::vector<std::uint8_t> safetensors_weights_bytes(const WeightsFile& model, const std::string& file);

/// Throws std::invalid_argument for parameters of another network, and Error (numeric), naming `file`, for a number
/// that is not finite.
void check_writable(const Network& network, const Parameters& parameters, const std::string& file);

}  // namespace nib
