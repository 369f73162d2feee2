// The end of the backward pass. Biases' gradients are sums over many rows; they are taken in two launches that serve
// all layers at once: parts of the rows side by side, then the parts one after the other. The second launch reads every
// gradient, so it also looks whether they are finite, which Adam has to know before it changes the first parameter.
// No sum depends on the order in which blocks run: only integers and flags are shared between them.

#include "kernels/gradients.h"

#include <cmath>

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t sum_threads = 256;

/// The sum of values[row * channels] for every `step`-th row of [begin, end). Eight loads are under way at a time: the
/// additions wait for each other, the loads need not.
__device__ float sum_rows(const float* values, std::uint32_t channels, std::uint64_t begin, std::uint64_t end,
                          std::uint32_t step) {
  constexpr std::uint32_t at_once = 8;
  float sum = 0.0f;
  std::uint64_t row = begin;
  for (; row + std::uint64_t{at_once - 1} * step < end; row += std::uint64_t{at_once} * step) {
    float loaded[at_once];
    for (std::uint32_t i = 0; i < at_once; ++i) loaded[i] = values[(row + std::uint64_t{i} * step) * channels];
    for (std::uint32_t i = 0; i < at_once; ++i) sum += loaded[i];
  }
  for (; row < end; row += step) sum += values[row * channels];
  return sum;
}

/// Block (part, segment). Threads lie over (lane, channel), so that a row's channels are read together; each lane takes
/// every lanes-th row, then the lanes are added in order.
__global__ void __launch_bounds__(sum_threads) sum_parts(const BiasSegment* segments) {
  __shared__ float sums[sum_threads];
  const BiasSegment segment = segments[blockIdx.y];
  const std::uint64_t begin = segment.rows * blockIdx.x / bias_parts,
                      end = segment.rows * (blockIdx.x + 1) / bias_parts;
  for (std::uint32_t first = 0; first < segment.channels; first += sum_threads) {
    const std::uint32_t left = segment.channels - first, width = left < sum_threads ? left : sum_threads;
    const std::uint32_t lanes = sum_threads / width, lane = threadIdx.x / width;
    const std::uint32_t channel = first + threadIdx.x % width;
    if (lane < lanes)
      sums[threadIdx.x] = sum_rows(segment.output_gradient + channel, segment.channels, begin + lane, end, lanes);
    __syncthreads();
    if (lane == 0) {
      float sum = sums[threadIdx.x];
      for (std::uint32_t i = 1; i < lanes; ++i) sum += sums[i * width + threadIdx.x];
      segment.partials[std::uint64_t{blockIdx.x} * segment.channels + channel] = sum;
    }
    // No barrier: where channels are left, there was one lane, and each thread has read its own sum alone.
  }
}

/// False for NaN and infinity as well.
__device__ inline bool square_is_finite(float gradient) { return std::isfinite(gradient * gradient); }

/// One block sums the rows' results, each thread every sum_threads-th row, then in a tree. Returns whether the loss
/// is finite, on the thread that wrote the record.
__device__ bool write_record(const GradientSums& sums, Control* control) {
  __shared__ double losses[sum_threads];
  __shared__ std::uint32_t corrects[sum_threads];
  double loss = 0;
  std::uint32_t correct = 0;
  for (std::uint32_t row = threadIdx.x; row < sums.batch; row += sum_threads) {
    loss += sums.rows[row].loss;
    correct += sums.rows[row].correct;
  }
  losses[threadIdx.x] = loss;
  corrects[threadIdx.x] = correct;
  for (std::uint32_t half = sum_threads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x >= half) continue;
    losses[threadIdx.x] += losses[threadIdx.x + half];
    corrects[threadIdx.x] += corrects[threadIdx.x + half];
  }
  if (threadIdx.x != 0) return true;
  control->records[control->step] = {losses[0], corrects[0], live_rows(*control, sums.batch)};
  return std::isfinite(losses[0]);
}

__global__ void __launch_bounds__(sum_threads) finish(GradientSums sums, Control* control) {
  bool all_finite = true;
  const std::uint64_t stride = std::uint64_t{gridDim.x} * sum_threads;
  for (std::uint64_t i = std::uint64_t{blockIdx.x} * sum_threads + threadIdx.x; i < sums.whole; i += stride)
    all_finite = square_is_finite(sums.whole_gradients[i]) && all_finite;

  // From the last block down: the first one has the record to write.
  for (std::uint32_t p = gridDim.x - 1 - blockIdx.x; p < sums.partial_count; p += gridDim.x) {
    const PartialGradient partial = sums.partial[p];
    for (std::uint32_t i = threadIdx.x; i < partial.size; i += sum_threads) {
      const float gradient = sum_rows(partial.parts + i, partial.size, 0, partial.count, 1);
      partial.gradient[i] = gradient;
      all_finite = square_is_finite(gradient) && all_finite;
    }
  }

  if (blockIdx.x == 0) {
    all_finite = write_record(sums, control) && all_finite;
    if (threadIdx.x == 0) {
      control->step_size = control->step_sizes[control->step];
      all_finite = all_finite && control->parameters_nonfinite == 0;
    }
  }
  // A later step finds the number of the first one and leaves it.
  if (!all_finite)
    atomicCAS(reinterpret_cast<unsigned long long*>(&control->nonfinite_step), 0ull,
              static_cast<unsigned long long>(control->finished_steps + 1));
}

}  // namespace

void bias_partials(const BiasSegment* segments, std::uint32_t count, cudaStream_t stream) {
  launch(sum_parts, dim3(bias_parts, count), dim3(sum_threads), stream, segments);
}

void finish_gradients(const GradientSums& sums, Control* control, cudaStream_t stream) {
  launch(finish, dim3(blocks_for(sums.whole, sum_threads)), dim3(sum_threads), stream, sums, control);
}

}  // namespace nib::kernels
