// Frames of zeros around images, for convolutions that pad unevenly, and their removal. A block takes a line of the
// result at a time; a line of an image lies in one piece in the frame's line.

#include "kernels/padding.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t padding_threads = 128;

/// Writes `to` (rows, height, width, channels) from `from` (rows, from_height, from_width, channels): pixel (y, x) is
/// pixel (y + down, x + right) of `from`, or zeros where that lies outside.
struct Shift {
  std::uint32_t rows = 0, channels = 0;
  std::uint32_t height = 0, width = 0;
  std::uint32_t from_height = 0, from_width = 0;
  std::int64_t down = 0, right = 0;
};

__global__ void __launch_bounds__(padding_threads) shift_images(float* to, const float* from, Shift shift) {
  const std::uint64_t lines = std::uint64_t{shift.rows} * shift.height;
  const std::int64_t line_size = std::int64_t{shift.width} * shift.channels;
  const std::int64_t from_size = std::int64_t{shift.from_width} * shift.channels;
  const std::int64_t right = shift.right * shift.channels;
  for (std::uint64_t line = blockIdx.x; line < lines; line += gridDim.x) {
    const std::uint64_t row = line / shift.height;
    const std::int64_t from_y = static_cast<std::int64_t>(line % shift.height) + shift.down;
    const bool inside = from_y >= 0 && from_y < shift.from_height;
    const std::int64_t from_line = static_cast<std::int64_t>(row * shift.from_height) + from_y;
    float* const target = to + static_cast<std::int64_t>(line) * line_size;
    for (std::int64_t i = threadIdx.x; i < line_size; i += blockDim.x) {
      const std::int64_t place = i + right;
      target[i] = inside && place >= 0 && place < from_size ? from[from_line * from_size + place] : 0.0f;
    }
  }
}

void shift(float* to, const float* from, const Shift& shift, cudaStream_t stream) {
  launch(shift_images, dim3(blocks_for(std::uint64_t{shift.rows} * shift.height, 1)), dim3(padding_threads), stream, to,
         from, shift);
}

}  // namespace

void pad(float* framed, const float* images, const PadShape& shape, cudaStream_t stream) {
  shift(framed, images,
        {.rows = shape.rows,
         .channels = shape.channels,
         .height = shape.framed_height,
         .width = shape.framed_width,
         .from_height = shape.height,
         .from_width = shape.width,
         .down = -std::int64_t{shape.top},
         .right = -std::int64_t{shape.left}},
        stream);
}

void unpad(float* images, const float* framed, const PadShape& shape, cudaStream_t stream) {
  shift(images, framed,
        {.rows = shape.rows,
         .channels = shape.channels,
         .height = shape.height,
         .width = shape.width,
         .from_height = shape.framed_height,
         .from_width = shape.framed_width,
         .down = shape.top,
         .right = shape.left},
        stream);
}

}  // namespace nib::kernels
