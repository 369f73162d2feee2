#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"
#include "nib/arithmetic/augmentation.h"

namespace nib::kernels {

struct GatherShape {
  std::uint32_t rows = 0;                         ///< of a batch
  std::uint32_t height = 0, width = 0;            ///< of an image of the set
  std::uint32_t crop_height = 0, crop_width = 0;  ///< the part from the top left that the network reads
};

/// Writes the running step's images as floats, pixel / 255: `images` (rows, crop_height, crop_width), and their labels:
/// `labels` (rows), -1 in a masked row or where the set has none. A masked row repeats the batch's first image, so that
/// it brings no number into the network that was not there; a batch without images is zeros. With `maps` (rows), see
/// draw_image_maps(), the images are moved; null for none.
void gather(float* images, std::int32_t* labels, const Control* control, const GatherShape& shape, const ImageMap* maps,
            cudaStream_t stream);

}  // namespace nib::kernels
