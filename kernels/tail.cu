// The end of a network in one kernel, there and back. The work is so small that only its latency counts: many blocks
// with few rows each, everything that is read twice in shared memory, one barrier between the two ways. Forward, a row
// is one warp's work, its units spread over the lanes. Back, a unit is one thread's work for all rows of the block: so
// it alone sums the unit's part of the gradients, row by row, and no sum depends on another thread.

#include "kernels/tail.h"

#include <cmath>

#include "kernels/launch.h"
#include "kernels/softmax_row.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t tail_threads = tail_block_rows * warp_lanes;
/// Classes whose logits a warp sums at a time.
constexpr std::uint32_t classes_at_once = 8;

/// Sums each of eight numbers over the lanes, always in the same tree. Lane l gets number l / 4: at each step a lane
/// hands half of its numbers to a lane that hands it the other half of its own.
__device__ inline float sum_over_lanes(float (&numbers)[classes_at_once]) {
  const std::uint32_t lane = threadIdx.x % warp_lanes;
#pragma unroll
  for (std::uint32_t half = classes_at_once / 2; half > 0; half /= 2) {
    const std::uint32_t distance = half * warp_lanes / classes_at_once;
    const bool upper = (lane & distance) != 0;
#pragma unroll
    for (std::uint32_t i = 0; i < half; ++i) {
      const float handed = upper ? numbers[i] : numbers[i + half];
      const float kept = upper ? numbers[i + half] : numbers[i];
      numbers[i] = kept + __shfl_xor_sync(whole_warp, handed, static_cast<int>(distance));
    }
  }
  float sum = numbers[0];
  sum += __shfl_xor_sync(whole_warp, sum, 2);
  sum += __shfl_xor_sync(whole_warp, sum, 1);
  return sum;
}

/// The first rows of a block set its part of a gradient, later rows add to it.
__device__ inline void leave_part(float* part, float sum, bool first_rows) { *part = first_rows ? sum : *part + sum; }

/// All threads of the block copy `size` numbers, from and to multiples of 16 bytes. Several loads are under way at a
/// time.
__device__ inline void copy_to_shared(float* shared, const float* numbers, std::uint32_t size) {
  constexpr std::uint32_t at_once = 4;
  const std::uint32_t vectors = size / 4;
  for (std::uint32_t begin = threadIdx.x; begin < vectors; begin += at_once * tail_threads) {
    float4 loaded[at_once];
#pragma unroll
    for (std::uint32_t k = 0; k < at_once; ++k)
      if (begin + k * tail_threads < vectors)
        loaded[k] = reinterpret_cast<const float4*>(numbers)[begin + k * tail_threads];
#pragma unroll
    for (std::uint32_t k = 0; k < at_once; ++k)
      if (begin + k * tail_threads < vectors) reinterpret_cast<float4*>(shared)[begin + k * tail_threads] = loaded[k];
  }
  if (threadIdx.x < size % 4) shared[4 * vectors + threadIdx.x] = numbers[4 * vectors + threadIdx.x];
}

__global__ void __launch_bounds__(tail_threads)
    there_and_back(TailOutputs outputs, TailInputs inputs, const Control* control, TailShape shape) {
  __shared__ __align__(16) float weights[most_tail_weights];  // (class, unit)
  __shared__ float bias[most_tail_classes];
  __shared__ float hidden[tail_block_rows][most_tail_units];
  __shared__ float logits[tail_block_rows][most_tail_classes];
  __shared__ __align__(16) float logits_gradient[most_tail_classes][tail_block_rows];

  const std::uint32_t units = shape.units, classes = shape.classes;
  const std::uint32_t lane = threadIdx.x % warp_lanes, own = threadIdx.x / warp_lanes;
  const std::uint32_t live = live_rows(*control, shape.rows);
  const std::uint64_t ring_rows = outputs.probabilities != nullptr ? outputs.output_rows : 0;
  const TailGradients& gradients = outputs.gradients;

  copy_to_shared(weights, inputs.weights, units * classes);
  if (threadIdx.x < classes) bias[threadIdx.x] = inputs.bias[threadIdx.x];

  for (std::uint64_t first = std::uint64_t{blockIdx.x} * tail_block_rows; first < shape.rows;
       first += std::uint64_t{gridDim.x} * tail_block_rows) {
    const std::uint64_t row = first + own;
    const bool there = row < shape.rows, masked = row >= live;
    const std::int32_t label = masked ? -1 : inputs.labels[row];
    for (std::uint32_t unit = lane; unit < units; unit += warp_lanes) {
      const float value = there ? inputs.product[row * units + unit] + inputs.hidden_bias[unit] : 0.0f;
      hidden[own][unit] = value < 0.0f ? 0.0f : value;
    }
    __syncthreads();

    for (std::uint32_t begin = 0; begin < classes; begin += classes_at_once) {
      float sums[classes_at_once] = {};
      for (std::uint32_t unit = lane; unit < units; unit += warp_lanes) {
        const float value = hidden[own][unit];
#pragma unroll
        for (std::uint32_t k = 0; k < classes_at_once; ++k) {
          const std::uint32_t i = begin + k < classes ? begin + k : classes - 1;
          sums[k] = fmaf(value, weights[i * units + unit], sums[k]);
        }
      }
      const float sum = sum_over_lanes(sums);
      const std::uint32_t i = begin + lane / (warp_lanes / classes_at_once);
      if (lane % (warp_lanes / classes_at_once) == 0 && i < classes) logits[own][i] = sum + bias[i];
    }
    __syncwarp();

    const std::uint64_t place = output_row(*control, shape.rows, ring_rows, row);
    const auto logit = [&](std::uint32_t i) { return logits[own][i]; };
    const auto take = [&](std::uint32_t i, float probability) {
      if (there && outputs.probabilities != nullptr) outputs.probabilities[place * classes + i] = probability;
      logits_gradient[i][own] = masked ? 0.0f : logit_gradient(probability, i, label, shape.smoothed, live);
    };
    const RowResult result = softmax_row(classes, label, shape.smoothed, logit, take);
    if (there && lane == 0) outputs.results[place] = result;
    __syncthreads();

    if (gradients.product == nullptr) continue;
    const bool first_rows = first < std::uint64_t{gridDim.x} * tail_block_rows;
    const std::uint64_t part = blockIdx.x;
    for (std::uint32_t unit = threadIdx.x; unit < units; unit += tail_threads) {
      float values[tail_block_rows], sums[tail_block_rows] = {};
#pragma unroll
      for (std::uint32_t r = 0; r < tail_block_rows; ++r) values[r] = hidden[r][unit];
      for (std::uint32_t i = 0; i < classes; ++i) {
        const float weight = weights[i * units + unit];
        float sum = 0.0f;
#pragma unroll
        for (std::uint32_t r = 0; r < tail_block_rows; ++r) {
          sums[r] = fmaf(logits_gradient[i][r], weight, sums[r]);
          sum = fmaf(logits_gradient[i][r], values[r], sum);
        }
        leave_part(&gradients.weights[(part * classes + i) * units + unit], sum, first_rows);
      }
      float sum = 0.0f;
#pragma unroll
      for (std::uint32_t r = 0; r < tail_block_rows; ++r) {
        if (first + r >= shape.rows) break;
        const float gradient = values[r] <= 0.0f ? 0.0f : sums[r];
        gradients.product[(first + r) * units + unit] = gradient;
        sum += gradient;
      }
      leave_part(&gradients.hidden_bias[part * units + unit], sum, first_rows);
    }
    if (threadIdx.x < classes) {
      float sum = 0.0f;
      for (std::uint32_t r = 0; r < tail_block_rows; ++r) sum += logits_gradient[threadIdx.x][r];
      leave_part(&gradients.bias[part * classes + threadIdx.x], sum, first_rows);
    }
    __syncthreads();
  }
}

}  // namespace

void tail(const TailOutputs& outputs, const TailInputs& inputs, const Control* control, const TailShape& shape,
          cudaStream_t stream) {
  const std::uint32_t blocks =
      outputs.gradients.product != nullptr ? tail_parts(shape.rows) : blocks_for(shape.rows, tail_block_rows);
  launch(there_and_back, dim3(blocks), dim3(tail_threads), stream, outputs, inputs, control, shape);
}

}  // namespace nib::kernels
