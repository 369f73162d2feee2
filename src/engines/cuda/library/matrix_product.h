#pragma once

#include <cstdint>

#include "engines/cuda/library/context.h"

namespace nib::cuda {

/// The three products of a dense layer, with cuBLAS; all matrices row-major. In the main lane where nothing else is
/// said.
class DenseProducts {
 public:
  DenseProducts(const Context& context, std::uint32_t rows, std::uint32_t inputs, std::uint32_t units);

  /// output (rows, units) = input (rows, inputs) x weights (units, inputs) transposed.
  void forward(float* output, const float* input, const float* weights) const;
  /// weights_gradient (units, inputs) = output_gradient transposed x input; the work goes into `lane`.
  void backward_weights(const Lane& lane, float* weights_gradient, const float* input,
                        const float* output_gradient) const;
  /// input_gradient (rows, inputs) = output_gradient x weights.
  void backward_input(float* input_gradient, const float* output_gradient, const float* weights) const;

 private:
  const Context* context_;
  int rows_, inputs_, units_;
};

}  // namespace nib::cuda
