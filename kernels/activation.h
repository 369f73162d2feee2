#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace nib::kernels {

/// Adds `bias` (channels) to `values` (rows, channels) in place, and sets what is below zero to zero with `relu`; NaN
/// stays NaN.
void bias_activation(float* values, const float* bias, std::uint64_t rows, std::uint32_t channels, bool relu,
                     cudaStream_t stream);

/// Sets `gradient` to zero, in place, wherever `output`, the ReLU's result, is not above zero; where it is NaN the
/// gradient stays. Both have `size` numbers.
void relu_backward(float* gradient, const float* output, std::uint64_t size, cudaStream_t stream);

}  // namespace nib::kernels
