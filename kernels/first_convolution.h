#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"
#include "nib/arithmetic/augmentation.h"

namespace nib::kernels {

/// The front of a network: a convolution over images of one channel, stride 1, with bias, ReLU and 2x2 max-pool of
/// stride 2 behind it. What pooling drops is not computed.
struct FirstConvolutionShape {
  std::uint32_t rows = 0, height = 0, width = 0;  ///< of the set's images
  std::uint32_t kernel = 3;                       ///< height and width: 3 or 5
  std::uint32_t top = 0, left = 0;                ///< rows of zeros above the image, columns left of it
  std::uint32_t filters = 0, pooled_height = 0, pooled_width = 0;
};

/// What a block of threads keeps in shared memory: the image, as far as the pooled output reads it.
inline constexpr std::uint64_t most_first_pixels = 4096;
inline constexpr bool fits_first_convolution(std::uint64_t kernel, std::uint64_t pooled_height,
                                             std::uint64_t pooled_width) {
  return (kernel == 3 || kernel == 5) && pooled_height <= most_first_pixels && pooled_width <= most_first_pixels &&
         (2 * pooled_height + kernel - 1) * (2 * pooled_width + kernel - 1) <= most_first_pixels;
}

/// So many blocks of threads sum their own rows' part of the gradients: it depends on the batch alone. More would keep
/// a GPU busier here, and fewer are sooner added up.
inline constexpr std::uint32_t first_convolution_parts(std::uint32_t rows) { return rows < 64 ? rows : 64; }

/// Chooses the step's images as gather() does, labels too, moved where there are `maps` (rows), and takes them through
/// convolution, bias, ReLU and pool: of equal values in a window the first one wins, NaN before all. Weights are
/// (filters, kernel, kernel). Leaves `pooled` and `winners` (rows, pooled_height, pooled_width, filters), see
/// bias_pool_forward(), and `labels` (rows). The shape has to fit, see fits_first_convolution().
struct FirstConvolutionOutputs {
  float* pooled = nullptr;
  std::uint16_t* winners = nullptr;
  std::int32_t* labels = nullptr;
};
void first_convolution_forward(const FirstConvolutionOutputs& outputs, const float* weights, const float* bias,
                               const Control* control, const FirstConvolutionShape& shape, const ImageMap* maps,
                               cudaStream_t stream);

/// From the loss's gradient for what forward left, in the same step and with the same maps:
/// first_convolution_parts(rows) parts of those of the weights (parts, filters, kernel, kernel) and of the bias (parts,
/// filters), to be added up.
struct FirstConvolutionGradients {
  float* weights = nullptr;
  float* bias = nullptr;
};
void first_convolution_backward(const FirstConvolutionGradients& gradients, const float* pooled_gradient,
                                const float* pooled, const std::uint16_t* winners, const Control* control,
                                const FirstConvolutionShape& shape, const ImageMap* maps, cudaStream_t stream);

}  // namespace nib::kernels
