#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/decoding/decode.h"
#include "images/decoding/luma.h"

namespace nib {

/// The colours of an image, summed over boxes, pixel by pixel in any order. Nothing is set aside for one that is grey.
class ColourSums {
 public:
  /// Of an image of so many pixels; `box_side`: pixels of it that are one of the decoded image, a side.
  ColourSums(std::size_t image_rows, std::size_t image_columns, std::size_t box_side = 1);

  /// Pixels that are not added are grey.
  void add(std::size_t row, std::size_t column, const ColourDifference& difference) {
    if (difference.blue == 0 && difference.red == 0) return;
    if (sums_.empty()) sums_.resize(rows_ * columns_);
    ColourDifference& sum = sums_[box_of_[row] * columns_ + box_of_[column]];
    sum.blue += difference.blue;
    sum.red += difference.red;
  }

  Colours mean() const;

 private:
  std::size_t image_rows_, image_columns_, side_, rows_, columns_;
  std::vector<std::uint32_t> box_of_;   ///< of a row or column
  std::vector<ColourDifference> sums_;  ///< (row, column), of at most 48 x 48 pixels each; or none
};

}  // namespace nib
