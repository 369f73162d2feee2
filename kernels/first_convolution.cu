// The front of a network in one kernel each way, from the uint8 set to the pooled output and from its gradient to those
// of the parameters: the convolution's own output, four times larger than the pooled one, is never in memory. A block
// of threads lays one image at a time into shared memory; a lane is a filter, a warp walks over pooled pixels. Each sum
// belongs to one lane, and the warps' sums are added in order: so none depends on another thread's time.

#include "kernels/first_convolution.h"

#include <cmath>

#include "kernels/image_maps.h"
#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t first_threads = 256, first_lanes = 32, first_warps = first_threads / first_lanes;

/// Pooled pixels whose numbers a thread has under way on the way back: the sums wait for each other, the loads need
/// not.
constexpr std::uint32_t first_at_once = 8;

/// A pooled pixel, and the way to the next one of the same warp.
struct PooledPixel {
  std::uint32_t number, x, y;
};
__device__ inline void settle(PooledPixel& pixel, std::uint32_t width) {
  for (; pixel.x >= width; pixel.x -= width) ++pixel.y;
}
__device__ inline PooledPixel first_pixel(std::uint32_t width) {
  PooledPixel pixel{threadIdx.x / first_lanes, threadIdx.x / first_lanes, 0};
  settle(pixel, width);
  return pixel;
}
__device__ inline void go_on(PooledPixel& pixel, std::uint32_t width) {
  pixel.number += first_warps;
  pixel.x += first_warps;
  settle(pixel, width);
}

/// All threads lay the image of a row into `frame`, padding around it. Without live rows it is black.
__device__ inline void lay_image(float* frame, const Control& control, std::uint32_t live, std::uint32_t row,
                                 const FirstConvolutionShape& shape, const ImageMap* maps) {
  const std::uint32_t width = 2 * shape.pooled_width + shape.kernel - 1;
  const std::uint32_t size = (2 * shape.pooled_height + shape.kernel - 1) * width;
  const BatchSource& source = control.source;
  const std::uint64_t first = control.step * shape.rows;
  const std::uint64_t number = live == 0 ? 0 : image_number(source, row < live ? first + row : first);
  const std::uint8_t* const pixels = source.pixels + number * shape.height * shape.width;
  const ImageMap* const map = maps != nullptr ? maps + row : nullptr;
  for (std::uint32_t i = threadIdx.x; i < size; i += first_threads) {
    // Above the image and left of it these wrap to numbers greater than any side.
    const std::uint32_t y = i / width - shape.top, x = i % width - shape.left;
    const bool inside = live > 0 && y < shape.height && x < shape.width;
    frame[i] = inside ? pixel_value(map, pixels, shape.height, shape.width, y, x) : 0.0f;
  }
}

template <std::uint32_t kKernel>
__device__ inline void first_forward(float* frame, const FirstConvolutionOutputs& outputs, const float* weights,
                                     const float* bias, const Control* control, const FirstConvolutionShape& shape,
                                     const ImageMap* maps) {
  const std::uint32_t frame_width = 2 * shape.pooled_width + kKernel - 1;
  const std::uint32_t filter = blockIdx.y * first_lanes + threadIdx.x % first_lanes;
  const bool there = filter < shape.filters;
  const std::uint32_t pixels = shape.pooled_height * shape.pooled_width;
  const std::uint32_t live = live_rows(*control, shape.rows);
  float taps[kKernel * kKernel];
#pragma unroll
  for (std::uint32_t t = 0; t < kKernel * kKernel; ++t)
    taps[t] = there ? weights[std::uint64_t{filter} * kKernel * kKernel + t] : 0.0f;
  const float offset = there ? bias[filter] : 0.0f;

  for (std::uint32_t row = blockIdx.x; row < shape.rows; row += gridDim.x) {
    lay_image(frame, *control, live, row, shape, maps);
    if (blockIdx.y == 0 && threadIdx.x == 0) {
      const BatchSource& source = control->source;
      outputs.labels[row] = row < live && source.labels != nullptr
                                ? source.labels[image_number(source, control->step * shape.rows + row)]
                                : -1;
    }
    __syncthreads();
    for (PooledPixel pixel = first_pixel(shape.pooled_width); pixel.number < pixels; go_on(pixel, shape.pooled_width)) {
      const float* const corner = frame + 2 * pixel.y * frame_width + 2 * pixel.x;
      float sums[4] = {};
#pragma unroll
      for (std::uint32_t y = 0; y < kKernel + 1; ++y)
#pragma unroll
        for (std::uint32_t x = 0; x < kKernel + 1; ++x) {
          const float value = corner[y * frame_width + x];
#pragma unroll
          for (std::uint32_t place = 0; place < 4; ++place) {
            const std::uint32_t tap_y = y - place / 2, tap_x = x - place % 2;  // wrap where there is no such tap
            if (tap_y < kKernel && tap_x < kKernel)
              sums[place] = fmaf(value, taps[tap_y * kKernel + tap_x], sums[place]);
          }
        }
      float greatest = 0.0f;
      std::uint32_t winner = 0;
#pragma unroll
      for (std::uint32_t place = 0; place < 4; ++place) {
        float value = sums[place] + offset;
        if (value < 0.0f) value = 0.0f;
        const bool first_nan = value != value && greatest == greatest;
        if (place == 0 || value > greatest || first_nan) {
          greatest = value;
          winner = place;
        }
      }
      if (!there) continue;
      const std::uint64_t at = (std::uint64_t{row} * pixels + pixel.number) * shape.filters + filter;
      outputs.pooled[at] = greatest;
      outputs.winners[at] = static_cast<std::uint16_t>(winner);
    }
    __syncthreads();
  }
}

/// What the warps of a block have summed: of each tap, of the bias last.
template <std::uint32_t kKernel>
using WarpSums = float[first_warps][kKernel * kKernel + 1][first_lanes];

template <std::uint32_t kKernel>
__device__ inline void first_backward(float* frame, WarpSums<kKernel>& warp_sums,
                                      const FirstConvolutionGradients& gradients, const float* pooled_gradient,
                                      const float* pooled, const std::uint16_t* winners, const Control* control,
                                      const FirstConvolutionShape& shape, const ImageMap* maps) {
  constexpr std::uint32_t taps = kKernel * kKernel;
  const std::uint32_t frame_width = 2 * shape.pooled_width + kKernel - 1;
  const std::uint32_t lane = threadIdx.x % first_lanes, filter = blockIdx.y * first_lanes + lane;
  const bool there = filter < shape.filters;
  const std::uint32_t pixels = shape.pooled_height * shape.pooled_width;
  const std::uint32_t live = live_rows(*control, shape.rows);
  float sums[taps + 1] = {};

  for (std::uint32_t row = blockIdx.x; row < shape.rows; row += gridDim.x) {
    lay_image(frame, *control, live, row, shape, maps);
    __syncthreads();
    for (PooledPixel pixel = first_pixel(shape.pooled_width); there && pixel.number < pixels;) {
      float gradients_here[first_at_once], outputs[first_at_once];
      std::uint32_t places[first_at_once];
#pragma unroll
      for (std::uint32_t i = 0; i < first_at_once; ++i) {
        const std::uint32_t number = pixel.number + i * first_warps;
        const std::uint64_t at = (std::uint64_t{row} * pixels + number) * shape.filters + filter;
        outputs[i] = number < pixels ? pooled[at] : 0.0f;
        gradients_here[i] = number < pixels ? pooled_gradient[at] : 0.0f;
        places[i] = number < pixels ? winners[at] : 0;
      }
#pragma unroll
      for (std::uint32_t i = 0; i < first_at_once; ++i) {
        if (pixel.number >= pixels) break;
        const float gradient = outputs[i] <= 0.0f ? 0.0f : gradients_here[i];
        const float* const corner = frame + (2 * pixel.y + places[i] / 2) * frame_width + 2 * pixel.x + places[i] % 2;
        sums[taps] += gradient;
#pragma unroll
        for (std::uint32_t t = 0; t < taps; ++t)
          sums[t] = fmaf(gradient, corner[t / kKernel * frame_width + t % kKernel], sums[t]);
        go_on(pixel, shape.pooled_width);
      }
    }
    __syncthreads();
  }

#pragma unroll
  for (std::uint32_t t = 0; t < taps + 1; ++t) warp_sums[threadIdx.x / first_lanes][t][lane] = sums[t];
  __syncthreads();
  for (std::uint32_t t = threadIdx.x / first_lanes; there && t < taps + 1; t += first_warps) {
    float sum = 0.0f;
    for (std::uint32_t warp = 0; warp < first_warps; ++warp) sum += warp_sums[warp][t][lane];
    const std::uint64_t part = std::uint64_t{blockIdx.x} * shape.filters + filter;
    *(t < taps ? gradients.weights + part * taps + t : gradients.bias + part) = sum;
  }
}

// Kernels with shared memory are no templates: so the tests' stand-ins see who reads it before writing it.

__global__ void __launch_bounds__(first_threads)
    first_forward_3(FirstConvolutionOutputs outputs, const float* weights, const float* bias, const Control* control,
                    FirstConvolutionShape shape, const ImageMap* maps) {
  __shared__ float frame[most_first_pixels];
  first_forward<3>(frame, outputs, weights, bias, control, shape, maps);
}

__global__ void __launch_bounds__(first_threads)
    first_forward_5(FirstConvolutionOutputs outputs, const float* weights, const float* bias, const Control* control,
                    FirstConvolutionShape shape, const ImageMap* maps) {
  __shared__ float frame[most_first_pixels];
  first_forward<5>(frame, outputs, weights, bias, control, shape, maps);
}

__global__ void __launch_bounds__(first_threads)
    first_backward_3(FirstConvolutionGradients gradients, const float* pooled_gradient, const float* pooled,
                     const std::uint16_t* winners, const Control* control, FirstConvolutionShape shape,
                     const ImageMap* maps) {
  __shared__ float frame[most_first_pixels];
  __shared__ WarpSums<3> warp_sums;
  first_backward<3>(frame, warp_sums, gradients, pooled_gradient, pooled, winners, control, shape, maps);
}

__global__ void __launch_bounds__(first_threads)
    first_backward_5(FirstConvolutionGradients gradients, const float* pooled_gradient, const float* pooled,
                     const std::uint16_t* winners, const Control* control, FirstConvolutionShape shape,
                     const ImageMap* maps) {
  __shared__ float frame[most_first_pixels];
  __shared__ WarpSums<5> warp_sums;
  first_backward<5>(frame, warp_sums, gradients, pooled_gradient, pooled, winners, control, shape, maps);
}

dim3 first_grid(std::uint32_t blocks, std::uint32_t filters) { return {blocks, (filters - 1) / first_lanes + 1, 1}; }

}  // namespace

void first_convolution_forward(const FirstConvolutionOutputs& outputs, const float* weights, const float* bias,
                               const Control* control, const FirstConvolutionShape& shape, const ImageMap* maps,
                               cudaStream_t stream) {
  launch(shape.kernel == 3 ? first_forward_3 : first_forward_5, first_grid(blocks_for(shape.rows, 1), shape.filters),
         dim3(first_threads), stream, outputs, weights, bias, control, shape, maps);
}

void first_convolution_backward(const FirstConvolutionGradients& gradients, const float* pooled_gradient,
                                const float* pooled, const std::uint16_t* winners, const Control* control,
                                const FirstConvolutionShape& shape, const ImageMap* maps, cudaStream_t stream) {
  launch(shape.kernel == 3 ? first_backward_3 : first_backward_5,
         first_grid(first_convolution_parts(shape.rows), shape.filters), dim3(first_threads), stream, gradients,
         pooled_gradient, pooled, winners, control, shape, maps);
}

}  // namespace nib::kernels
