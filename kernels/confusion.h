#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"

namespace nib::kernels {

struct ConfusionShape {
  std::uint64_t output_rows = 0;
  std::uint32_t rows = 0, classes = 0;
};

/// Ends an evaluation step: counts the running step's labelled rows in `confusion` (true class, predicted class;
/// classes x classes), exactly, and moves control->step on. `results` has output_rows rows, the step's own beginning at
/// (control->step * rows) % output_rows, as softmax_loss() leaves them; `labels` (rows).
void accumulate_confusion(unsigned long long* confusion, const RowResult* results, const std::int32_t* labels,
                          const ConfusionShape& shape, Control* control, cudaStream_t stream);

}  // namespace nib::kernels
