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

/// Adds up what the block's threads have, in the order of a binary tree; every thread is given the sum.
__device__ double sum_of_block(double number) {
  __shared__ double sums[update_threads];
  __syncthreads();  // of a sum before this one
  sums[threadIdx.x] = number;
  for (std::uint32_t half = update_threads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
  }
  __syncthreads();
  return sums[0];
}

__global__ void __launch_bounds__(update_threads)
    sum_squares_of_parts(const float* gradients, std::uint64_t size, double* squares) {
  double sum = 0;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * update_threads + threadIdx.x; i < size;
       i += std::uint64_t{square_parts} * update_threads) {
    const double gradient = static_cast<double>(gradients[i]);
    sum += gradient * gradient;
  }
  sum = sum_of_block(sum);
  if (threadIdx.x == 0) squares[blockIdx.x] = sum;
}

__global__ void __launch_bounds__(update_threads) penalize_weights(Penalty penalty, Control* control) {
  double sum = 0;
  bool all_finite = true;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * update_threads + threadIdx.x; i < penalty.size;
       i += std::uint64_t{square_parts} * update_threads) {
    const float weight = penalty.weights[i], gradient = rules::pulled(penalty.gradients[i], weight, penalty.pull);
    penalty.gradients[i] = gradient;
    all_finite = std::isfinite(gradient * gradient) && all_finite;
    sum += static_cast<double>(weight) * static_cast<double>(weight);
  }
  sum = sum_of_block(sum);
  if (threadIdx.x == 0) penalty.squares[blockIdx.x] = sum;
  if (!all_finite)
    atomicCAS(reinterpret_cast<unsigned long long*>(&control->nonfinite_step), 0ull,
              static_cast<unsigned long long>(control->finished_steps + 1));
}

/// What a step does to each parameter.
struct Beside {
  double clip_norm = 0;  ///< 0: none
  bool average = false;  ///< behind the rule's moments
  double l2 = 0;         ///< factor of the penalty; 0: none
};

/// `alone`: the rule without anything beside it.
template <typename Rule, bool alone>
__global__ void __launch_bounds__(update_threads)
    update_parameters(UpdateArrays arrays, Beside beside, Control* control) {
  const bool apply = control->nonfinite_step == 0;
  if constexpr (!alone)
    if (beside.l2 > 0 && blockIdx.x == 0) {
      const double penalty = beside.l2 * sum_of_block(arrays.weight_squares[threadIdx.x]);
      StepRecord& record = control->records[control->step];
      if (threadIdx.x == 0) record.loss += record.rows * penalty;
      __syncthreads();  // all have read the step before it moves on
    }
  if (blockIdx.x == 0 && threadIdx.x == 0) end_step(control, apply);
  if (!apply) return;

  StepFactors<float> step = control->factors;
  if constexpr (!alone)
    if (beside.clip_norm > 0)
      step.scale =
          static_cast<float>(rules::clip_scale(beside.clip_norm, sqrt(sum_of_block(arrays.squares[threadIdx.x]))));
  const std::uint64_t stride = std::uint64_t{gridDim.x} * blockDim.x;
  bool all_finite = true;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < arrays.size; i += stride) {
    float moments[most_moments];
    for (int m = 0; m < Rule::moments; ++m) moments[m] = arrays.moments[m][i];
    const float gradient = arrays.gradients[i], before = arrays.values[i];
    float value = 0;
    if constexpr (alone) {
      value = Rule::updated(gradient, before, moments, step);
    } else {
      value = rules::updated_beside<Rule>(gradient, before, i < arrays.weights ? step.decay : 0.0f, moments, step);
      if (beside.average) {
        float& average = arrays.moments[Rule::moments][i];
        average = rules::averaged(average, value, step);
        all_finite = all_finite && std::isfinite(average);
      }
    }
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

void sum_squares(const float* gradients, std::uint64_t size, double* squares, cudaStream_t stream) {
  launch(sum_squares_of_parts, dim3(square_parts), dim3(update_threads), stream, gradients, size, squares);
}

void penalize(const Penalty& penalty, Control* control, cudaStream_t stream) {
  launch(penalize_weights, dim3(square_parts), dim3(update_threads), stream, penalty, control);
}

void update(const UpdateArrays& arrays, const Optimizer& optimizer, Control* control, cudaStream_t stream) {
  const Beside beside{.clip_norm = optimizer.clip_norm.value_or(0),
                      .average = optimizer.average.has_value(),
                      .l2 = l2_factor(optimizer)};
  const bool alone = is_rule_alone(optimizer);
  std::visit(
      [&](const auto& settings) {
        using Rule = decltype(rules::rule_for(settings));
        launch(alone ? update_parameters<Rule, true> : update_parameters<Rule, false>,
               dim3(blocks_for(arrays.size, update_threads)), dim3(update_threads), stream, arrays, beside, control);
      },
      optimizer.rule);
}

}  // namespace nib::kernels
