#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"
#include "nib/arithmetic/smoothed_labels.h"

namespace nib::kernels {

/// The end of a network: a dense layer with ReLU, of which the product with its weights is there already, and behind it
/// a dense layer with softmax.
struct TailShape {
  std::uint32_t rows = 0, units = 0, classes = 0;
  SmoothedLabels<float> smoothed{};
};

/// What a block of threads keeps in shared memory: the last layer's weights, the hidden units of some rows.
inline constexpr std::uint32_t most_tail_classes = 32, most_tail_units = 512, most_tail_weights = 8192;
inline constexpr bool fits_tail(std::uint64_t units, std::uint64_t classes) {
  return classes <= most_tail_classes && units <= most_tail_units && units * classes <= most_tail_weights;
}

/// Each of so many blocks of threads sums its own rows' part of the gradients; its rows depend on the shape alone.
inline constexpr std::uint32_t most_tail_parts = 32, tail_block_rows = 4;
inline constexpr std::uint32_t tail_parts(std::uint32_t rows) {
  const std::uint32_t groups = (rows + tail_block_rows - 1) / tail_block_rows;
  return groups < most_tail_parts ? groups : most_tail_parts;
}

struct TailInputs {
  const float* product = nullptr;        ///< (rows, units), without bias
  const float* hidden_bias = nullptr;    ///< (units)
  const float* weights = nullptr;        ///< (classes, units), at a multiple of 16 bytes
  const float* bias = nullptr;           ///< (classes)
  const std::int32_t* labels = nullptr;  ///< (rows), -1 for none
};

/// The loss's gradients. Those of parameters are left in tail_parts(rows) parts, to be added up.
struct TailGradients {
  float* product = nullptr;      ///< (rows, units): behind the ReLU's way back; zeros in a masked row
  float* hidden_bias = nullptr;  ///< (parts, units)
  float* weights = nullptr;      ///< (parts, classes, units)
  float* bias = nullptr;         ///< (parts, classes)
};

/// hidden = product + hidden_bias, what is below zero set to zero (NaN stays NaN); logits = hidden x weights transposed
/// + bias; then results and probabilities as softmax_loss() leaves them, by the same arithmetic. Only training wants
/// `gradients`, all of them or, with a null product, none; only evaluation wants `probabilities`. The shape has to fit,
/// see fits_tail().
struct TailOutputs {
  RowResult* results = nullptr;    ///< (rows), or with probabilities (output_rows)
  float* probabilities = nullptr;  ///< (output_rows, classes), or null
  std::uint64_t output_rows = 0;
  TailGradients gradients{};
};
void tail(const TailOutputs& outputs, const TailInputs& inputs, const Control* control, const TailShape& shape,
          cudaStream_t stream);

}  // namespace nib::kernels
