#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/weights.h"

namespace nib {

// Networks with their weights as ONNX models: a row of weights_formats.h. Written are operators of version 13 on grey
// images (N, channel, row, column), with 255 as 1; read is what follows one path from an image to its classes.

/// By the first fields of a model: its version, then one of those that models have next.
bool is_onnx(std::span<const std::uint8_t> bytes);
WeightsFile parse_onnx_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                               const WeightsOptions& options);
std::vector<std::uint8_t> onnx_weights_bytes(const WeightsFile& model, const std::string& file);

}  // namespace nib
