#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "images/decoding/decode.h"

namespace nib {

/// Which columns of an image the values of a row belong to: first, first + step, ...
struct Columns {
  std::size_t first = 0, step = 1;
};

/// Values of an image summed over square boxes, the smallest for which at most largest_decoded_side rows and columns of
/// boxes are left: single pixels for an image that is no larger. Boxes at the lower and right edge may be cut. Rows may
/// come in any order and in pieces, as interlaced files have them.
class BoxSums {
 public:
  /// Rows and columns of the image, which check_image_size has passed.
  BoxSums(std::size_t image_rows, std::size_t image_columns);

  void add(std::size_t row, std::span<const std::uint16_t> values, Columns columns = {});

  std::size_t side() const { return side_; }        ///< of a box, in pixels
  std::size_t rows() const { return rows_; }        ///< of boxes
  std::size_t columns() const { return columns_; }  ///< of boxes
  std::uint32_t sum(std::size_t row, std::size_t column) const { return sums_[row * columns_ + column]; }
  std::uint32_t pixels(std::size_t row, std::size_t column) const;  ///< in a box

 private:
  std::size_t image_rows_, image_columns_, side_, rows_, columns_;
  std::vector<std::uint32_t> box_of_column_;
  std::vector<std::uint32_t> sums_;  // at most 16 x 16 pixels of 16 bits each
};

/// The mean of each box, rounded; for sums of light from 0 to 255.
GreyImage mean_light(const BoxSums& light);

}  // namespace nib
