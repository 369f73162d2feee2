// The optimizer over all parameters in one pass: they lie one after the other, so a step needs one launch however many
// layers there are. It is also the step's last kernel and so moves the step counters on. All blocks read factors and
// nonfinite_step while one thread writes: hence that thread writes other fields only.

#include "kernels/update.h"

#include <cmath>

#include "kernels/launch.h"
#include "nib/arithmetic/update_rules.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t update_threads = 256;

__device__ void end_step(Control* control, bool applied) {
  if (applied)
    ++control->finished_steps;
  else
    control->records[control->step] = StepRecord{};
  ++control->step;
}

template <typename Rule>
__global__ void __launch_bounds__(update_threads) update_parameters(UpdateArrays arrays, Control* control) {
  const bool apply = control->nonfinite_step == 0;
  if (blockIdx.x == 0 && threadIdx.x == 0) end_step(control, apply);
  if (!apply) return;

  const StepFactors<float> step = control->factors;
  const std::uint64_t stride = std::uint64_t{gridDim.x} * blockDim.x;
  bool all_finite = true;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < arrays.size; i += stride) {
    float moments[Rule::moments];
    for (int m = 0; m < Rule::moments; ++m) moments[m] = arrays.moments[m][i];
    const float value = Rule::updated(arrays.gradients[i], arrays.values[i], moments, step);
    arrays.values[i] = value;
    all_finite = all_finite && std::isfinite(value);
    for (int m = 0; m < Rule::moments; ++m) {
      arrays.moments[m][i] = moments[m];
      all_finite = all_finite && std::isfinite(moments[m]);
    }
  }
  if (!all_finite) atomicExch(&control->parameters_nonfinite, 1u);
}

}  // namespace

void update(const UpdateArrays& arrays, const Optimizer& optimizer, Control* control, cudaStream_t stream) {
  std::visit(
      [&](const auto& settings) {
        launch(update_parameters<decltype(rules::rule_for(settings))>, dim3(blocks_for(arrays.size, update_threads)),
               dim3(update_threads), stream, arrays, control);
      },
      optimizer.rule);
}

}  // namespace nib::kernels
