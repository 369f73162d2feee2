#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace nib::kernels {

/// An image laid into a frame of zeros that may be wider than it or cut it short: pixel (y, x) of the image is pixel
/// (y + top, x + left) of the frame.
struct PadShape {
  std::uint32_t rows = 0, height = 0, width = 0, channels = 0;
  std::uint32_t top = 0, left = 0;
  std::uint32_t framed_height = 0, framed_width = 0;
};

/// Writes all of `framed` (rows, framed_height, framed_width, channels) from `images` (rows, height, width, channels).
void pad(float* framed, const float* images, const PadShape& shape, cudaStream_t stream);

/// The way back: writes all of `images` from `framed`, zeros where the frame cut them off.
void unpad(float* images, const float* framed, const PadShape& shape, cudaStream_t stream);

}  // namespace nib::kernels
