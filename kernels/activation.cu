// Bias and ReLU of layers without a pool behind them, and the ReLU's way back. Both pass over their numbers once, in
// place; neighbouring threads have neighbouring numbers. Comparisons are written so that NaN, which compares with
// nothing, goes through: it has to reach the loss or a gradient to be noticed.

#include "kernels/activation.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t activation_threads = 256;

/// index % channels, by the far cheaper 32-bit division where it will do.
__device__ inline std::uint32_t channel_of(std::uint64_t index, std::uint32_t channels) {
  if (index >> 32 == 0) return static_cast<std::uint32_t>(index) % channels;
  return static_cast<std::uint32_t>(index % channels);
}

__global__ void __launch_bounds__(activation_threads)
    add_bias(float* values, const float* bias, std::uint64_t size, std::uint32_t channels, bool relu) {
  const std::uint64_t stride = std::uint64_t{gridDim.x} * blockDim.x;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const float value = values[i] + bias[channel_of(i, channels)];
    values[i] = relu && value < 0.0f ? 0.0f : value;
  }
}

__global__ void __launch_bounds__(activation_threads)
    shut_gradient(float* gradient, const float* output, std::uint64_t size) {
  const std::uint64_t stride = std::uint64_t{gridDim.x} * blockDim.x;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride)
    if (output[i] <= 0.0f) gradient[i] = 0.0f;
}

}  // namespace

void bias_activation(float* values, const float* bias, std::uint64_t rows, std::uint32_t channels, bool relu,
                     cudaStream_t stream) {
  const std::uint64_t size = rows * channels;
  launch(add_bias, dim3(blocks_for(size, activation_threads)), dim3(activation_threads), stream, values, bias, size,
         channels, relu);
}

void relu_backward(float* gradient, const float* output, std::uint64_t size, cudaStream_t stream) {
  launch(shut_gradient, dim3(blocks_for(size, activation_threads)), dim3(activation_threads), stream, gradient, output,
         size);
}

}  // namespace nib::kernels
