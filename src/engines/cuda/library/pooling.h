#pragma once

#include <array>
#include <cstdint>

#include "engines/cuda/library/context.h"
#include "nib/network.h"

namespace nib::cuda {

/// A max-pool that stands alone or an average pool, with cuDNN; NHWC. Deterministic, and NaN goes through.
class PoolingCalls {
 public:
  /// `rows` images of shapes `input` and `output`, whose windows all lie inside the input.
  PoolingCalls(const Context& context, const MaxPool& layer, std::uint32_t rows, const Shape& input,
               const Shape& output);
  PoolingCalls(const Context& context, const AveragePool& layer, std::uint32_t rows, const Shape& input,
               const Shape& output);

  void forward(float* output, const float* input) const;
  /// Writes all of `input_gradient`.
  void backward(float* input_gradient, const float* output_gradient, const float* output, const float* input) const;

 private:
  using Sides = std::array<std::uint32_t, 2>;
  PoolingCalls(const Context& context, cudnnPoolingMode_t mode, const Sides& size, const Sides& stride,
               std::uint32_t rows, const Shape& input, const Shape& output);

  const Context* context_;
  TensorDescriptor input_, output_;
  PoolingDescriptor pooling_;
};

}  // namespace nib::cuda
