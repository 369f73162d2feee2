#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/control.h"
#include "nib/arithmetic/augmentation.h"

namespace nib::kernels {

struct ImageMapsShape {
  std::uint32_t rows = 0, height = 0, width = 0;  ///< of a batch, and of an image of the set
  Augmentation augmentation{};
  std::uint64_t seed = 0;
};

/// `maps` (rows): how step control->finished_steps + 1 moves the image of each row, see nib/arithmetic/augmentation.h.
/// A masked row, which repeats the batch's first image, has the map of that, too.
void draw_image_maps(ImageMap* maps, const Control* control, const ImageMapsShape& shape, cudaStream_t stream);

/// A pixel of the image at `pixels` (height, width) as the network reads it: moved where there is a map.
NIB_HOST_DEVICE inline float pixel_value(const ImageMap* map, const std::uint8_t* pixels, std::uint32_t height,
                                         std::uint32_t width, std::uint32_t row, std::uint32_t column) {
  if (map != nullptr) return moved_pixel(*map, pixels, height, width, row, column);
  return static_cast<float>(pixels[std::uint64_t{row} * width + column]) / 255.0f;
}

}  // namespace nib::kernels
