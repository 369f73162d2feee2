#include "images/decoding/colour_sums.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

std::size_t divided_up(std::size_t number, std::size_t divisor) { return (number + divisor - 1) / divisor; }

}  // namespace

ColourSums::ColourSums(std::size_t image_rows, std::size_t image_columns, std::size_t box_side)
    : image_rows_(image_rows),
      image_columns_(image_columns),
      side_(box_side * colour_factor(divided_up(image_rows, box_side), divided_up(image_columns, box_side))),
      rows_(divided_up(image_rows, side_)),
      columns_(divided_up(image_columns, side_)),
      box_of_(std::max(image_rows, image_columns)) {
  for (std::size_t i = 0; i < box_of_.size(); ++i) box_of_[i] = static_cast<std::uint32_t>(i / side_);
}

Colours ColourSums::mean() const {
  if (sums_.empty()) return {};
  Colours colours{rows_, columns_, {}, {}};
  for (std::size_t row = 0; row < rows_; ++row)
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::size_t high = std::min(side_, image_rows_ - row * side_),
                        wide = std::min(side_, image_columns_ - column * side_);
      const ColourDifference& sum = sums_[row * columns_ + column];
      const auto level = [&](int total) {
        return static_cast<std::uint8_t>(std::lround(128 + total / static_cast<double>(high * wide)));
      };
      colours.blue.push_back(level(sum.blue));
      colours.red.push_back(level(sum.red));
    }
  return colours;
}

}  // namespace nib
