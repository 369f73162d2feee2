// Dropout draws each element's fate from the element's number alone, so forward and backward pass need no mask between
// them. A block takes a line of an image at a time: then an element's number costs no division.

#include "kernels/dropout.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t dropout_threads = 128;

__global__ void __launch_bounds__(dropout_threads)
    drop(float* to, const float* from, const Control* control, DropoutShape shape) {
  const std::uint64_t step = control->finished_steps + 1;
  const std::uint64_t lines = std::uint64_t{shape.rows} * shape.height;
  const std::uint32_t line_size = shape.width * shape.channels;
  for (std::uint64_t line = blockIdx.x; line < lines; line += gridDim.x) {
    const std::uint64_t row = line / shape.height, y = line % shape.height;
    const std::uint64_t first_element = (row * shape.layer_height + y) * shape.layer_width * shape.channels;
    for (std::uint32_t i = threadIdx.x; i < line_size; i += blockDim.x) {
      const bool keeps = dropout_keeps(shape.seed, shape.layer, step, first_element + i, shape.rate);
      to[line * line_size + i] = keeps ? from[line * line_size + i] * shape.scale : 0.0f;
    }
  }
}

}  // namespace

void dropout(float* to, const float* from, const Control* control, const DropoutShape& shape, cudaStream_t stream) {
  launch(drop, dim3(blocks_for(std::uint64_t{shape.rows} * shape.height, 1)), dim3(dropout_threads), stream, to, from,
         control, shape);
}

}  // namespace nib::kernels
