// A batch from the uint8 set: one pass chooses the images, crops them and makes floats of them, so that the set may
// stay four times smaller on the device, and no copy of the crop or the labels is needed. A block takes an image at a
// time; where it is, is worked out once.

#include "kernels/gather.h"

#include "kernels/image_maps.h"
#include "kernels/launch.h"

namespace nib::kernels {
namespace {

constexpr std::uint32_t gather_threads = 256;

__global__ void __launch_bounds__(gather_threads)
    gather_images(float* images, std::int32_t* labels, const Control* control, GatherShape shape,
                  const ImageMap* maps) {
  const BatchSource& source = control->source;
  const std::uint32_t live = live_rows(*control, shape.rows);
  const std::uint64_t first = control->step * shape.rows;
  const std::uint32_t size = shape.crop_height * shape.crop_width;
  for (std::uint32_t row = blockIdx.x; row < shape.rows; row += gridDim.x) {
    float* const image = images + std::uint64_t{row} * size;
    if (live == 0) {
      for (std::uint32_t i = threadIdx.x; i < size; i += blockDim.x) image[i] = 0.0f;
      if (threadIdx.x == 0) labels[row] = -1;
      continue;
    }
    const std::uint64_t number = image_number(source, row < live ? first + row : first);
    const std::uint8_t* const pixels = source.pixels + number * shape.height * shape.width;
    const ImageMap* const map = maps != nullptr ? maps + row : nullptr;
    for (std::uint32_t i = threadIdx.x; i < size; i += blockDim.x) {
      const std::uint32_t y = i / shape.crop_width, x = i % shape.crop_width;
      image[i] = pixel_value(map, pixels, shape.height, shape.width, y, x);
    }
    if (threadIdx.x == 0) labels[row] = row < live && source.labels != nullptr ? source.labels[number] : -1;
  }
}

}  // namespace

void gather(float* images, std::int32_t* labels, const Control* control, const GatherShape& shape, const ImageMap* maps,
            cudaStream_t stream) {
  launch(gather_images, dim3(blocks_for(shape.rows, 1)), dim3(gather_threads), stream, images, labels, control, shape,
         maps);
}

}  // namespace nib::kernels
