#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engines/cpu/instructions.h"
#include "nib/arithmetic/augmentation.h"

namespace nib::cpu {

/// An image of a set, and where it may be laid into a frame of zeros.
struct FramedImage {
  static constexpr std::uint32_t frame = 2;   ///< zeros on every side
  static constexpr std::uint32_t behind = 4;  ///< bytes behind it all, as four are read at a time

  const std::uint8_t* pixels;  ///< (height, width)
  std::uint32_t height, width;
  std::uint8_t* framed;  ///< zeros, but for what lay there before

  std::size_t stride() const { return width + 2 * frame; }
  static std::size_t bytes(std::uint32_t height, std::uint32_t width) {
    return (std::size_t{height} + 2 * frame) * (width + 2 * frame) + behind;
  }
};

/// Moves images of one size, with the bits of moved_pixel(). One for each thread.
class ImageMover {
 public:
  ImageMover(Instructions instructions, std::uint32_t height, std::uint32_t width)
      : instructions_(instructions), height_(height), width_(width), framed_(FramedImage::bytes(height, width)) {}

  /// The first `rows` and `columns` of the moved image to `to` (rows, columns).
  void move(const ImageMap& map, const std::uint8_t* pixels, std::uint32_t rows, std::uint32_t columns, float* to);

 private:
  Instructions instructions_;
  std::uint32_t height_, width_;
  std::vector<std::uint8_t> framed_;
};

}  // namespace nib::cpu
