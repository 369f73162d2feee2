#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "images/decoding/box_sums.h"
#include "images/decoding/colour_sums.h"
#include "images/decoding/decode.h"

namespace nib {

/// An image with transparency, to be put on white or on black: whichever lets its content be seen.
///
/// - Ink without paper: opaque in less than half of the area, or all of nearly one light. Light ink comes on black,
/// dark
///   ink on white.
/// - A sheet that has transparent margins or corners: opaque in at least half of the area, with dark and light in it.
/// The
///   margins continue the sheet: white about a light one, black about a dark one.
///
/// Light and dark mean the average light, weighted by opacity, above and below the middle; nearly one light means a
/// standard deviation of at most 16 of 255.
class TransparentImage {
 public:
  TransparentImage(std::size_t rows, std::size_t columns);

  /// Red, green, blue and opacity (255 is opaque) of some pixels of a row.
  void add(std::size_t row, std::span<const std::uint8_t> rgba, Columns columns);

  bool coloured() const { return coloured_; }
  bool invisible() const { return opacity_total_ == 0; }
  std::uint8_t background() const;  ///< 0 or 255; for what is not invisible
  GreyImage composed() const;       ///< for what is not invisible

 private:
  BoxSums light_, opacity_;  // light is weighted by opacity
  ColourSums colours_;       // as they come to be on a background that is grey
  std::uint64_t image_pixels_, opacity_total_ = 0, light_total_ = 0, squares_total_ = 0;
  std::vector<std::uint16_t> light_row_, opacity_row_;
  bool coloured_ = false;
};

/// The image on its background, and whether it is coloured. Throws Error (bad input) naming `source` and the `format`,
/// such as "PNG", for one that is invisible.
GreyImage visible_image(const TransparentImage& image, const std::string& format, const std::string& source);

}  // namespace nib
