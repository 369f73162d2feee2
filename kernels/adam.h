#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"

namespace nib::kernels {

/// What Adam needs besides the step size; see nib/arithmetic/adam.h.
struct AdamFactors {
  float one_minus_beta1 = 0, one_minus_beta2 = 0, epsilon = 0;
};

/// The parameters and what belongs to each of them: (size) numbers each.
struct AdamArrays {
  float* values = nullptr;
  float* first_moments = nullptr;
  float* second_moments = nullptr;
  const float* gradients = nullptr;
  std::uint64_t size = 0;
};

/// Ends a training step: updates values and both moments with the gradients by adam_element() and
/// control->step_size, and counts the step in control->finished_steps; unless control->nonfinite_step is set: then
/// none of these change, and the step's record becomes zeros. Sets control->parameters_nonfinite when a number that it
/// writes is not finite. Moves control->step on in any case.
void adam(const AdamArrays& arrays, const AdamFactors& factors, Control* control, cudaStream_t stream);

}  // namespace nib::kernels
