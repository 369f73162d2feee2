#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"

namespace nib::kernels {

struct DropoutShape {
  std::uint32_t rows = 0, height = 0, width = 0, channels = 0;  ///< of the tensors
  /// Of the layer as the network describes it, by which elements are numbered; what pooling drops may be missing from
  /// the tensors.
  std::uint32_t layer_height = 0, layer_width = 0;
  std::uint32_t layer = 0;  ///< index into Network::layers
  float rate = 0;
  float scale = 1;  ///< 1 / (1 - rate), rounded once
  std::uint64_t seed = 0;
};

/// `to` (rows, height, width, channels) is `from` times scale where dropout_keeps() says so for step
/// control->finished_steps + 1, else 0. The same call carries gradients back.
void dropout(float* to, const float* from, const Control* control, const DropoutShape& shape, cudaStream_t stream);

}  // namespace nib::kernels
