#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/onnx/onnx_model.h"

namespace nib::onnx {

/// "[10,128]".
std::string shape_text(const std::vector<std::int64_t>& shape);

/// The numbers of a tensor, rounded to float where it is narrower. Throws Error (bad input) naming `source` and the
/// tensor for another type than FLOAT, FLOAT16, BFLOAT16 and DOUBLE, and for bytes that do not fit the shape.
std::vector<float> floats_of(const OnnxTensor& tensor, const std::string& source);

/// The whole numbers of a list such as a shape; at most 8 of them.
std::vector<std::int64_t> integers_of(const OnnxTensor& tensor, const std::string& source);

}  // namespace nib::onnx
