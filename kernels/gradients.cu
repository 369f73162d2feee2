// The end of the backward pass. Biases' gradients are sums over many rows; they are taken in two launches that serve
// all layers at once: parts of the rows side by side, then the parts one after the other. The second launch reads every
// gradient, so it also looks whether they are finite, which update() has to know before it changes the first parameter.
// No sum depends on the order in which blocks run: only integers and flags are shared between them.

#include "kernels/gradients.h"

#include <cmath>

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t sum_threads = 256;

/// The sum of values[row * size] for every `step`-th row of [begin, end), but of those alone where `outputs` (alike) is
/// greater than 0 or NaN. Eight loads are under way at a time: the additions wait for each other, the loads need not.
template <bool kWithOutputs>
__device__ float sum_rows(const float* values, const float* outputs, std::uint64_t size, std::uint64_t begin,
                          std::uint64_t end, std::uint32_t step) {
  constexpr std::uint32_t at_once = 8;
  float sum = 0.0f;
  std::uint64_t row = begin;
  for (; row + std::uint64_t{at_once - 1} * step < end; row += std::uint64_t{at_once} * step) {
    float loaded[at_once];
    for (std::uint32_t i = 0; i < at_once; ++i) {
      const std::uint64_t place = (row + std::uint64_t{i} * step) * size;
      loaded[i] = values[place];
      if (kWithOutputs && outputs[place] <= 0.0f) loaded[i] = 0.0f;
    }
    for (std::uint32_t i = 0; i < at_once; ++i) sum += loaded[i];
  }
  for (; row < end; row += step)
    if (!kWithOutputs || !(outputs[row * size] <= 0.0f)) sum += values[row * size];
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
    if (lane < lanes) {
      const float* const gradients = segment.output_gradient + channel;
      sums[threadIdx.x] =
          segment.output
              ? sum_rows<true>(gradients, segment.output + channel, segment.channels, begin + lane, end, lanes)
              : sum_rows<false>(gradients, nullptr, segment.channels, begin + lane, end, lanes);
    }
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

/// Element `i` of all partial gradients, one behind the other. There are few of them.
__device__ float sum_partial(const PartialGradient* partial, std::uint64_t i) {
  for (; i >= partial->size; ++partial) i -= partial->size;
  const float gradient = sum_rows<false>(partial->parts + i, nullptr, partial->size, 0, partial->count, 1);
  partial->gradient[i] = gradient;
  return gradient;
}

__global__ void __launch_bounds__(sum_threads) finish(GradientSums sums, Control* control) {
  bool all_finite = true;
  // The sums take longest, so the first elements are theirs; the first block comes last, as it has the record to write.
  const std::uint64_t size = sums.partial_size + sums.whole, stride = std::uint64_t{gridDim.x} * sum_threads;
  const std::uint32_t block = blockIdx.x == 0 ? gridDim.x - 1 : blockIdx.x - 1;
  for (std::uint64_t i = std::uint64_t{block} * sum_threads + threadIdx.x; i < size; i += stride) {
    const float gradient =
        i < sums.partial_size ? sum_partial(sums.partial, i) : sums.whole_gradients[i - sums.partial_size];
    all_finite = square_is_finite(gradient) && all_finite;
  }

  if (blockIdx.x == 0) {
    all_finite = write_record(sums, control) && all_finite;
    if (threadIdx.x == 0) {
      control->factors = control->step_factors[control->step];
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
  launch(finish, dim3(blocks_for(sums.partial_size + sums.whole, sum_threads)), dim3(sum_threads), stream, sums,
         control);
}

}  // namespace nib::kernels
