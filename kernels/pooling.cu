// Bias, ReLU and max-pool of a convolution in one pass each way: its output is the network's largest tensor, which
// would otherwise be read and written five times. Both kernels write each of their results once, gathered from what it
// depends on, so nothing is summed in an order that varies. A block takes a line of its result at a time; neighbouring
// threads have neighbouring channels. The usual 2x2 windows are compiled in, which turns divisions into shifts.

#include "kernels/pooling.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t pooling_threads = 128;

bool usual_windows(const PoolShape& shape) {
  return shape.window_height == 2 && shape.window_width == 2 && shape.stride_height == 2 && shape.stride_width == 2;
}

/// The shape with what the compiler may know put in.
template <bool kUsualWindows>
__device__ PoolShape known(PoolShape shape) {
  if (kUsualWindows) shape.window_height = shape.window_width = shape.stride_height = shape.stride_width = 2;
  return shape;
}

template <bool kUsualWindows>
__global__ void __launch_bounds__(pooling_threads)
    pool(float* pooled, std::uint16_t* winners, const float* convolution, const float* bias, PoolShape any_shape) {
  const PoolShape shape = known<kUsualWindows>(any_shape);
  const std::uint64_t lines = std::uint64_t{shape.rows} * shape.pooled_height;
  const std::uint32_t line_size = shape.pooled_width * shape.channels;
  const std::uint64_t image_line = std::uint64_t{shape.width} * shape.channels;
  for (std::uint64_t line = blockIdx.x; line < lines; line += gridDim.x) {
    const std::uint64_t row = line / shape.pooled_height, pooled_y = line % shape.pooled_height;
    const float* const image = convolution + (row * shape.height + pooled_y * shape.stride_height) * image_line;
    for (std::uint32_t i = threadIdx.x; i < line_size; i += blockDim.x) {
      const std::uint32_t pooled_x = i / shape.channels, channel = i % shape.channels;
      const float* const window = image + std::uint64_t{pooled_x} * shape.stride_width * shape.channels + channel;
      const float offset = bias[channel];
      float greatest = 0.0f;
      std::uint32_t winner = 0;
      for (std::uint32_t down = 0; down < shape.window_height; ++down)
        for (std::uint32_t across = 0; across < shape.window_width; ++across) {
          const std::uint32_t place = down * shape.window_width + across;
          float value = window[down * image_line + std::uint64_t{across} * shape.channels] + offset;
          if (shape.relu && value < 0.0f) value = 0.0f;
          const bool first_nan = value != value && greatest == greatest;
          if (place == 0 || value > greatest || first_nan) {
            greatest = value;
            winner = place;
          }
        }
      pooled[line * line_size + i] = greatest;
      winners[line * line_size + i] = static_cast<std::uint16_t>(winner);
    }
  }
}

/// The windows [begin, end) along one side of an image that hold the pixel at `place`.
struct Windows {
  std::uint32_t begin, end;
};
__device__ inline Windows windows_around(std::uint32_t place, std::uint32_t window, std::uint32_t stride,
                                         std::uint32_t count) {
  const std::uint32_t begin = place < window ? 0 : (place - window) / stride + 1, end = place / stride + 1;
  return {begin, end < count ? end : count};
}

template <bool kUsualWindows>
__global__ void __launch_bounds__(pooling_threads)
    unpool(float* convolution_gradient, const float* pooled_gradient, const float* pooled, const std::uint16_t* winners,
           PoolShape any_shape) {
  const PoolShape shape = known<kUsualWindows>(any_shape);
  const std::uint64_t lines = std::uint64_t{shape.rows} * shape.height;
  const std::uint32_t line_size = shape.width * shape.channels;
  for (std::uint64_t line = blockIdx.x; line < lines; line += gridDim.x) {
    const std::uint64_t row = line / shape.height;
    const std::uint32_t y = static_cast<std::uint32_t>(line % shape.height);
    const Windows down = windows_around(y, shape.window_height, shape.stride_height, shape.pooled_height);
    for (std::uint32_t i = threadIdx.x; i < line_size; i += blockDim.x) {
      const std::uint32_t x = i / shape.channels, channel = i % shape.channels;
      const Windows across = windows_around(x, shape.window_width, shape.stride_width, shape.pooled_width);
      float sum = 0.0f;
      for (std::uint32_t pooled_y = down.begin; pooled_y < down.end; ++pooled_y)
        for (std::uint32_t pooled_x = across.begin; pooled_x < across.end; ++pooled_x) {
          const std::uint64_t window =
              ((row * shape.pooled_height + pooled_y) * shape.pooled_width + pooled_x) * shape.channels + channel;
          const std::uint32_t place =
              (y - pooled_y * shape.stride_height) * shape.window_width + (x - pooled_x * shape.stride_width);
          const bool shut = shape.relu && pooled[window] <= 0.0f;
          if (winners[window] == place && !shut) sum += pooled_gradient[window];
        }
      convolution_gradient[line * line_size + i] = sum;
    }
  }
}

}  // namespace

void bias_pool_forward(float* pooled, std::uint16_t* winners, const float* convolution, const float* bias,
                       const PoolShape& shape, cudaStream_t stream) {
  launch(usual_windows(shape) ? pool<true> : pool<false>,
         dim3(blocks_for(std::uint64_t{shape.rows} * shape.pooled_height, 1)), dim3(pooling_threads), stream, pooled,
         winners, convolution, bias, shape);
}

void bias_pool_backward(float* convolution_gradient, const float* pooled_gradient, const float* pooled,
                        const std::uint16_t* winners, const PoolShape& shape, cudaStream_t stream) {
  launch(usual_windows(shape) ? unpool<true> : unpool<false>,
         dim3(blocks_for(std::uint64_t{shape.rows} * shape.height, 1)), dim3(pooling_threads), stream,
         convolution_gradient, pooled_gradient, pooled, winners, shape);
}

}  // namespace nib::kernels
