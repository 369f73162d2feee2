// Dropout draws each element's fate from the element's number alone, so forward and backward pass need no mask between
// them. A thread takes the four elements that share a counter of the generator, and draws once.

#include "kernels/dropout.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t dropout_threads = 128;

/// Lines of a tensor, packed, and what numbers their elements have.
struct Lines {
  std::uint64_t size;                         ///< of each
  std::uint64_t images, lines;                ///< lines of an image
  std::uint64_t image_numbers, line_numbers;  ///< from the first of an image or a line to the first of the next
};

/// Where numbers go on from line to line, or from image to image, all is one line.
Lines lines_of(const DropoutShape& shape) {
  Lines lines{.size = std::uint64_t{shape.width} * shape.channels,
              .images = shape.rows,
              .lines = shape.height,
              .image_numbers = std::uint64_t{shape.layer_height} * shape.layer_width * shape.channels,
              .line_numbers = std::uint64_t{shape.layer_width} * shape.channels};
  if (lines.size == lines.line_numbers) {
    lines.size *= lines.lines;
    lines.lines = 1;
  }
  if (lines.size == lines.image_numbers) {
    lines.size *= lines.images;
    lines.images = 1;
  }
  return lines;
}

__global__ void __launch_bounds__(dropout_threads)
    drop(float* to, const float* from, const Control* control, Lines lines, DropoutShape shape) {
  const std::uint64_t step = control->finished_steps + 1;
  for (std::uint64_t image = blockIdx.z; image < lines.images; image += gridDim.z)
    for (std::uint64_t line = blockIdx.y; line < lines.lines; line += gridDim.y) {
      const std::uint64_t first = image * lines.image_numbers + line * lines.line_numbers;
      const std::uint64_t begin = (image * lines.lines + line) * lines.size;
      // The first and last counter may have elements outside the line: before it, too, `i` passes its size.
      for (std::uint64_t block = first / 4 + blockIdx.x * blockDim.x + threadIdx.x; 4 * block < first + lines.size;
           block += std::uint64_t{gridDim.x} * blockDim.x) {
        float loaded[4];
        for (std::uint32_t word = 0; word < 4; ++word) {
          const std::uint64_t i = 4 * block + word - first;
          loaded[word] = i < lines.size ? from[begin + i] : 0.0f;
        }
        const Philox4 words = dropout_words(shape.seed, shape.layer, step, block);
        for (std::uint32_t word = 0; word < 4; ++word) {
          const std::uint64_t i = 4 * block + word - first;
          const bool keeps = dropout_keeps(words.word[word], shape.rate);
          if (i < lines.size) to[begin + i] = keeps ? loaded[word] * shape.scale : 0.0f;
        }
      }
    }
}

}  // namespace

void dropout(float* to, const float* from, const Control* control, const DropoutShape& shape, cudaStream_t stream) {
  const Lines lines = lines_of(shape);
  const dim3 blocks(blocks_for(lines.size / 4 + 2, dropout_threads), blocks_for(lines.lines, 1),
                    blocks_for(lines.images, 1));
  launch(drop, blocks, dim3(dropout_threads), stream, to, from, control, lines, shape);
}

}  // namespace nib::kernels
