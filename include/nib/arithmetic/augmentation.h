#pragma once

#include <cmath>
#include <cstdint>

#include "nib/arithmetic/philox.h"
#include "nib/arithmetic/sine_cosine.h"

namespace nib {

/// How far training images are moved, each anew every time it is trained on: by so much at most, to either side, every
/// amount as likely as any other. All zeros: they are trained on as they are.
struct Augmentation {
  double shift = 0;   ///< pixels to the right or left, and down or up
  double rotate = 0;  ///< degrees about the image's centre
  double scale = 0;   ///< part of its size that it is larger or smaller, about the centre
  bool any() const { return shift > 0 || rotate > 0 || scale > 0; }
  friend bool operator==(const Augmentation&, const Augmentation&) = default;
};

/// The most that can be asked for. With these no place that an image of 256 pixels a side is read at is farther away
/// than an ImageMap can tell: (127.5 + 255) * sqrt(2) / (1 - 0.5) + 127.5 < 2^11 pixels.
inline constexpr double most_shift = 255, most_rotation = 180, most_scaling = 0.5;

/// One image's share of it.
struct Movement {
  double right = 0, down = 0;  ///< pixels
  double degrees = 0;          ///< counterclockwise, as one sees it
  double factor = 1;           ///< of its size
};

/// A word as a number in (-1, 1), as likely as its negative: its upper 24 bits and a half, times 2^-23, less 1. Exact.
NIB_HOST_DEVICE inline double signed_unit(std::uint32_t word) {
  return static_cast<double>(2 * (word >> 8) + 1) * 0x1.0p-24 - 1.0;
}

/// What step `step` (from 1) of a run does to the image in row `row` of its batch: a function of these and the seed
/// alone.
NIB_HOST_DEVICE inline Movement movement(const Augmentation& augmentation, std::uint64_t seed, std::uint64_t step,
                                         std::uint32_t row) {
  const Philox4 words = random_words(seed, RandomUse::augmentation, row, static_cast<std::uint32_t>(step), 0);
  return {augmentation.shift * signed_unit(words.word[0]), augmentation.shift * signed_unit(words.word[1]),
          augmentation.rotate * signed_unit(words.word[2]), 1.0 + augmentation.scale * signed_unit(words.word[3])};
}

/// A coordinate of the place that a pixel of a moved image is read at: first + across * column + down * row, in 2^-20
/// of a pixel. In whole numbers, so that it comes out the same however it is added up.
struct Coordinate {
  std::int32_t first, across, down;
};
inline constexpr int place_bits = 20;

/// Where the pixels of a moved image come from.
struct ImageMap {
  Coordinate column, row;
};

NIB_HOST_DEVICE inline std::int32_t place_of(double pixels) {
  return static_cast<std::int32_t>(std::floor(pixels * (1 << place_bits) + 0.5));
}

/// The way back: the image is first made larger by the factor about its centre, turned about it, then shifted, so a
/// pixel comes from centre + turned back (pixel - centre - shift) / factor. Rounded to 2^-20 of a pixel in each of its
/// three parts: within 2.5e-4 pixels of the true place for the largest images, 3e-5 for those of 28 x 28.
NIB_HOST_DEVICE inline ImageMap image_map(const Movement& movement, std::uint32_t height, std::uint32_t width) {
  const SineCosine turn = sine_cosine(movement.degrees);
  const double cosine = turn.cosine / movement.factor, sine = turn.sine / movement.factor;
  const double centre_x = (static_cast<double>(width) - 1.0) / 2.0, x = centre_x + movement.right;
  const double centre_y = (static_cast<double>(height) - 1.0) / 2.0, y = centre_y + movement.down;
  return {{place_of(centre_x - cosine * x + sine * y), place_of(cosine), place_of(-sine)},
          {place_of(centre_y - sine * x - cosine * y), place_of(sine), place_of(cosine)}};
}

/// Of a place: the whole pixel before it, and the part of the way from there to the next one, in [0, 1).
NIB_HOST_DEVICE inline std::int32_t whole_pixels(std::int32_t place) { return place >> place_bits; }
NIB_HOST_DEVICE inline float part_of_pixel(std::int32_t place) {
  return static_cast<float>(place & ((1 << place_bits) - 1)) * 0x1.0p-20f;
}

/// The pixel of a moved image as a network reads it, from 0 to 1: bilinear between the four pixels around its place,
/// zeros outside of the image. `pixels` is (height, width). Every operation is rounded by itself, none is fused: the
/// same bits on every platform. Between equal pixels it is exactly what they are.
NIB_HOST_DEVICE inline float moved_pixel(const ImageMap& map, const std::uint8_t* pixels, std::uint32_t height,
                                         std::uint32_t width, std::uint32_t row, std::uint32_t column) {
  const std::int32_t x = static_cast<std::int32_t>(column), y = static_cast<std::int32_t>(row);
  const std::int32_t from_x = map.column.first + map.column.across * x + map.column.down * y;
  const std::int32_t from_y = map.row.first + map.row.across * x + map.row.down * y;
  // Above the image and left of it these wrap to numbers greater than any side.
  const std::uint32_t left = static_cast<std::uint32_t>(whole_pixels(from_x));
  const std::uint32_t top = static_cast<std::uint32_t>(whole_pixels(from_y));
  const auto at = [&](std::uint32_t py, std::uint32_t px) {
    return py < height && px < width ? static_cast<float>(pixels[std::uint64_t{py} * width + px]) : 0.0f;
  };
  const float right_part = part_of_pixel(from_x), lower_part = part_of_pixel(from_y);
  const float left_top = at(top, left), left_bottom = at(top + 1, left);
  const float upper = left_top + right_part * (at(top, left + 1) - left_top);
  const float lower = left_bottom + right_part * (at(top + 1, left + 1) - left_bottom);
  return (upper + lower_part * (lower - upper)) / 255.0f;
}

}  // namespace nib
