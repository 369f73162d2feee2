#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"
#include "nib/arithmetic/smoothed_labels.h"

namespace nib::kernels {

struct SoftmaxShape {
  std::uint32_t rows = 0, classes = 0;
  SmoothedLabels<float> smoothed{};
};

struct SoftmaxInputs {
  const float* logits = nullptr;         ///< (rows, classes)
  const float* bias = nullptr;           ///< (classes), added to the logits first
  const std::int32_t* labels = nullptr;  ///< (rows), -1 for none
};

/// Softmax and cross-entropy of logits against labels. For each row: results[row], as nib/arithmetic/exp_log.h computes
/// probabilities and the loss ln(1 + sum of the others' e^(logit - greatest)) + greatest - label's logit in double,
/// with smoothed labels as smoothed_loss() has it; predicted is the first greatest probability. And
/// - `logits_gradient` (rows, classes), unless null: (probability - target) / live rows of the running step, the target
///   of the label's class 1, of others 0, or those of smoothed labels; zeros in a masked row;
/// - `probabilities` (output_rows, classes), unless null: at row (control->step * rows + row) % output_rows. `results`
///   then has output_rows rows too, placed likewise; without probabilities it has `rows`.
struct SoftmaxOutputs {
  RowResult* results = nullptr;
  float* logits_gradient = nullptr;
  float* probabilities = nullptr;
  std::uint64_t output_rows = 0;
};
void softmax_loss(const SoftmaxOutputs& outputs, const SoftmaxInputs& inputs, const Control* control,
                  const SoftmaxShape& shape, cudaStream_t stream);

}  // namespace nib::kernels
