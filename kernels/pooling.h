#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace nib::kernels {

/// A convolution's output with the max-pool behind it; no padding, and every window lies inside the image.
struct PoolShape {
  std::uint32_t rows = 0, height = 0, width = 0, channels = 0;
  std::uint32_t pooled_height = 0, pooled_width = 0;
  std::uint32_t window_height = 2, window_width = 2;  ///< at most 65,535 pixels
  std::uint32_t stride_height = 2, stride_width = 2;
  bool relu = true;
};

/// Bias, activation and max-pooling in one pass: `pooled` (rows, pooled_height, pooled_width, channels) from
/// `convolution` (rows, height, width, channels) and `bias` (channels). `winners`, shaped as `pooled`, receives each
/// greatest number's place in its window, row-major; the first one wins a tie, a NaN wins over all. Here and below,
/// tensors begin at a multiple of 16 bytes.
void bias_pool_forward(float* pooled, std::uint16_t* winners, const float* convolution, const float* bias,
                       const PoolShape& shape, cudaStream_t stream);

/// Writes all of `convolution_gradient` (rows, height, width, channels): what each pixel's windows hand back to it, in
/// row-major order of the windows where they overlap, and nothing through a ReLU that is shut.
void bias_pool_backward(float* convolution_gradient, const float* pooled_gradient, const float* pooled,
                        const std::uint16_t* winners, const PoolShape& shape, cudaStream_t stream);

}  // namespace nib::kernels
