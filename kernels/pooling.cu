// Bias, ReLU and max-pool of a convolution in one pass each way: its output is the network's largest tensor, which
// would otherwise be read and written five times. All kernels write each of their results once, gathered from what it
// depends on, so nothing is summed in an order that varies. Neighbouring threads have neighbouring channels. Windows of
// 2x2 side by side, which are the usual ones, have kernels of their own where channels come in fours: a thread does
// four channels of a window, each way; what it is to do follows from its place in the grid without a division.

#include "kernels/pooling.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t pooling_threads = 128, usual_threads = 256;

struct Winner {
  float value = 0.0f;
  std::uint16_t place = 0;
};

/// Goes on to what a window has at `place`, the places in ascending order.
__device__ inline void look_at(Winner& winner, std::uint32_t place, float convolution, float bias, bool relu) {
  float value = convolution + bias;
  if (relu && value < 0.0f) value = 0.0f;
  // A first NaN is not <= the greatest, and nothing behind one is greater.
  const bool greater = !(value <= winner.value) && winner.value == winner.value;
  if (place == 0 || greater) winner = {value, static_cast<std::uint16_t>(place)};
}

// ---- any windows: a block takes a line of its result at a time ----

__global__ void __launch_bounds__(pooling_threads)
    pool(float* pooled, std::uint16_t* winners, const float* convolution, const float* bias, PoolShape shape) {
  const std::uint64_t lines = std::uint64_t{shape.rows} * shape.pooled_height;
  const std::uint32_t line_size = shape.pooled_width * shape.channels;
  const std::uint64_t image_line = std::uint64_t{shape.width} * shape.channels;
  for (std::uint64_t line = blockIdx.x; line < lines; line += gridDim.x) {
    const std::uint64_t row = line / shape.pooled_height, pooled_y = line % shape.pooled_height;
    const float* const image = convolution + (row * shape.height + pooled_y * shape.stride_height) * image_line;
    for (std::uint32_t i = threadIdx.x; i < line_size; i += blockDim.x) {
      const std::uint32_t pooled_x = i / shape.channels, channel = i % shape.channels;
      const float* const window = image + std::uint64_t{pooled_x} * shape.stride_width * shape.channels + channel;
      Winner winner;
      for (std::uint32_t down = 0; down < shape.window_height; ++down)
        for (std::uint32_t across = 0; across < shape.window_width; ++across)
          look_at(winner, down * shape.window_width + across,
                  window[down * image_line + std::uint64_t{across} * shape.channels], bias[channel], shape.relu);
      pooled[line * line_size + i] = winner.value;
      winners[line * line_size + i] = winner.place;
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

__global__ void __launch_bounds__(pooling_threads)
    unpool(float* convolution_gradient, const float* pooled_gradient, const float* pooled, const std::uint16_t* winners,
           PoolShape shape) {
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

// ---- windows of 2x2 side by side, channels in fours ----
// Threads of a block lie over (four channels, window of a line, line), blocks over (line, row of the batch).

bool is_usual(const PoolShape& shape) {
  return shape.window_height == 2 && shape.window_width == 2 && shape.stride_height == 2 && shape.stride_width == 2 &&
         shape.channels % 4 == 0;
}

/// For windows, whole or cut off at the edge, in `lines` lines of `width`.
struct UsualGrid {
  UsualGrid(const PoolShape& shape, std::uint32_t lines, std::uint32_t width) {
    const auto up_to = [](std::uint32_t wanted, std::uint32_t most) { return wanted < most ? wanted : most; };
    threads.x = up_to(shape.channels / 4, usual_threads);
    threads.y = up_to(width, usual_threads / threads.x);
    threads.z = up_to(lines, up_to(usual_threads / (threads.x * threads.y), 64));
    blocks.x = (lines + threads.z - 1) / threads.z;
    blocks.y = up_to(shape.rows, 65535);
  }
  dim3 blocks, threads;
};

/// Calls visit(row, line, window of the line, first channel) for all that a thread is to do, its line below `lines`,
/// its window below `width`.
template <typename Visit>
__device__ inline void for_each_usual(const PoolShape& shape, std::uint32_t lines, std::uint32_t width, Visit visit) {
  const std::uint32_t line = blockIdx.x * blockDim.z + threadIdx.z;
  if (line >= lines) return;
  for (std::uint32_t row = blockIdx.y; row < shape.rows; row += gridDim.y)
    for (std::uint32_t x = threadIdx.y; x < width; x += blockDim.y)
      for (std::uint32_t channel = 4 * threadIdx.x; channel < shape.channels; channel += 4 * blockDim.x)
        visit(row, line, x, channel);
}

/// Where the pixel at (row, y, x) of images of this height and width begins.
__device__ inline std::uint64_t pixel_offset(std::uint32_t row, std::uint32_t height, std::uint32_t y,
                                             std::uint32_t width, std::uint32_t x, std::uint32_t channels) {
  return ((std::uint64_t{row} * height + y) * width + x) * channels;
}

__device__ inline float4 load_four(const float* numbers) { return *reinterpret_cast<const float4*>(numbers); }

__global__ void __launch_bounds__(usual_threads)
    pool_usual(float* pooled, std::uint16_t* winners, const float* convolution, const float* bias, PoolShape shape) {
  const auto visit = [=](std::uint32_t row, std::uint32_t y, std::uint32_t x, std::uint32_t channel) {
    const float* const upper =
        convolution + pixel_offset(row, shape.height, 2 * y, shape.width, 2 * x, shape.channels) + channel;
    const float* const lower = upper + std::uint64_t{shape.width} * shape.channels;
    const float4 window[4] = {load_four(upper), load_four(upper + shape.channels), load_four(lower),
                              load_four(lower + shape.channels)};
    const float4 offset = load_four(bias + channel);
    Winner winner[4];
    for (std::uint32_t place = 0; place < 4; ++place) {
      look_at(winner[0], place, window[place].x, offset.x, shape.relu);
      look_at(winner[1], place, window[place].y, offset.y, shape.relu);
      look_at(winner[2], place, window[place].z, offset.z, shape.relu);
      look_at(winner[3], place, window[place].w, offset.w, shape.relu);
    }
    const std::uint64_t to = pixel_offset(row, shape.pooled_height, y, shape.pooled_width, x, shape.channels) + channel;
    *reinterpret_cast<float4*>(pooled + to) =
        make_float4(winner[0].value, winner[1].value, winner[2].value, winner[3].value);
    *reinterpret_cast<ushort4*>(winners + to) =
        make_ushort4(winner[0].place, winner[1].place, winner[2].place, winner[3].place);
  };
  for_each_usual(shape, shape.pooled_height, shape.pooled_width, visit);
}

/// The windows with those that are cut off: what lies in these takes no part.
__host__ __device__ inline std::uint32_t windows_over(std::uint32_t pixels) { return (pixels + 1) / 2; }

__global__ void __launch_bounds__(usual_threads)
    unpool_usual(float* convolution_gradient, const float* pooled_gradient, const float* pooled,
                 const std::uint16_t* winners, PoolShape shape) {
  const auto visit = [=](std::uint32_t row, std::uint32_t y, std::uint32_t x, std::uint32_t channel) {
    float4 gradient = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    ushort4 winner = make_ushort4(0, 0, 0, 0);
    if (y < shape.pooled_height && x < shape.pooled_width) {
      const std::uint64_t from =
          pixel_offset(row, shape.pooled_height, y, shape.pooled_width, x, shape.channels) + channel;
      gradient = load_four(pooled_gradient + from);
      winner = *reinterpret_cast<const ushort4*>(winners + from);
      if (shape.relu) {
        const float4 output = load_four(pooled + from);
        if (output.x <= 0.0f) gradient.x = 0.0f;
        if (output.y <= 0.0f) gradient.y = 0.0f;
        if (output.z <= 0.0f) gradient.z = 0.0f;
        if (output.w <= 0.0f) gradient.w = 0.0f;
      }
    }
    const std::uint64_t line_size = std::uint64_t{shape.width} * shape.channels;
    float* const upper =
        convolution_gradient + pixel_offset(row, shape.height, 2 * y, shape.width, 2 * x, shape.channels) + channel;
    for (std::uint32_t down = 0; down < 2; ++down)
      for (std::uint32_t across = 0; across < 2; ++across) {
        if (2 * y + down >= shape.height || 2 * x + across >= shape.width) continue;
        const std::uint32_t place = 2 * down + across;
        *reinterpret_cast<float4*>(upper + down * line_size + across * shape.channels) =
            make_float4(winner.x == place ? gradient.x : 0.0f, winner.y == place ? gradient.y : 0.0f,
                        winner.z == place ? gradient.z : 0.0f, winner.w == place ? gradient.w : 0.0f);
      }
  };
  for_each_usual(shape, windows_over(shape.height), windows_over(shape.width), visit);
}

}  // namespace

void bias_pool_forward(float* pooled, std::uint16_t* winners, const float* convolution, const float* bias,
                       const PoolShape& shape, cudaStream_t stream) {
  if (is_usual(shape)) {
    const UsualGrid grid(shape, shape.pooled_height, shape.pooled_width);
    launch(pool_usual, grid.blocks, grid.threads, stream, pooled, winners, convolution, bias, shape);
    return;
  }
  launch(pool, dim3(blocks_for(std::uint64_t{shape.rows} * shape.pooled_height, 1)), dim3(pooling_threads), stream,
         pooled, winners, convolution, bias, shape);
}

void bias_pool_backward(float* convolution_gradient, const float* pooled_gradient, const float* pooled,
                        const std::uint16_t* winners, const PoolShape& shape, cudaStream_t stream) {
  if (is_usual(shape)) {
    const UsualGrid grid(shape, windows_over(shape.height), windows_over(shape.width));
    launch(unpool_usual, grid.blocks, grid.threads, stream, convolution_gradient, pooled_gradient, pooled, winners,
           shape);
    return;
  }
  launch(unpool, dim3(blocks_for(std::uint64_t{shape.rows} * shape.height, 1)), dim3(pooling_threads), stream,
         convolution_gradient, pooled_gradient, pooled, winners, shape);
}

}  // namespace nib::kernels
