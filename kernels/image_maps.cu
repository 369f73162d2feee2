// Which way the step's images are moved is drawn once, a thread an image: it takes a sine and numbers in double, which
// most GPUs are slow at. What reads the images takes whole numbers and floats from there.

#include "kernels/image_maps.h"

#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t map_threads = 32;

__global__ void __launch_bounds__(map_threads) draw_maps(ImageMap* maps, const Control* control, ImageMapsShape shape) {
  const std::uint32_t live = live_rows(*control, shape.rows);
  for (std::uint32_t row = blockIdx.x * blockDim.x + threadIdx.x; row < shape.rows; row += gridDim.x * blockDim.x)
    maps[row] = image_map(movement(shape.augmentation, shape.seed, control->finished_steps + 1, row < live ? row : 0),
                          shape.height, shape.width);
}

}  // namespace

void draw_image_maps(ImageMap* maps, const Control* control, const ImageMapsShape& shape, cudaStream_t stream) {
  launch(draw_maps, dim3(blocks_for(shape.rows, map_threads)), dim3(map_threads), stream, maps, control, shape);
}

}  // namespace nib::kernels
