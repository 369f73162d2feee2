// Adam over all parameters in one pass: they lie one after the other, so a step needs one launch however many layers
// there are. It is also the step's last kernel and so moves the step counters on. All blocks read step_size and
// nonfinite_step while one thread writes: hence that thread writes other fields only.

#include "kernels/adam.h"

#include <cmath>

#include "kernels/launch.h"
#include "nib/arithmetic/adam.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t adam_threads = 256;

__device__ void end_step(Control* control, bool applied) {
  if (applied)
    ++control->finished_steps;
  else
    control->records[control->step] = StepRecord{};
  ++control->step;
}

__global__ void __launch_bounds__(adam_threads) update(AdamArrays arrays, AdamFactors factors, Control* control) {
  const bool apply = control->nonfinite_step == 0;
  if (blockIdx.x == 0 && threadIdx.x == 0) end_step(control, apply);
  if (!apply) return;

  const AdamStep<float> step{control->step_size, factors.one_minus_beta1, factors.one_minus_beta2, factors.epsilon};
  const std::uint64_t stride = std::uint64_t{gridDim.x} * blockDim.x;
  bool all_finite = true;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < arrays.size; i += stride) {
    float value = arrays.values[i], first = arrays.first_moments[i], second = arrays.second_moments[i];
    adam_element(arrays.gradients[i], value, first, second, step);
    arrays.values[i] = value;
    arrays.first_moments[i] = first;
    arrays.second_moments[i] = second;
    all_finite = all_finite && std::isfinite(value) && std::isfinite(first) && std::isfinite(second);
  }
  if (!all_finite) atomicExch(&control->parameters_nonfinite, 1u);
}

}  // namespace

void adam(const AdamArrays& arrays, const AdamFactors& factors, Control* control, cudaStream_t stream) {
  launch(update, dim3(blocks_for(arrays.size, adam_threads)), dim3(adam_threads), stream, arrays, factors, control);
}

}  // namespace nib::kernels
