#include "images/decoding/box_sums.h"

#include <algorithm>

namespace nib {
namespace {

std::size_t divided_up(std::size_t number, std::size_t divisor) { return (number + divisor - 1) / divisor; }

}  // namespace

BoxSums::BoxSums(std::size_t image_rows, std::size_t image_columns)
    : image_rows_(image_rows),
      image_columns_(image_columns),
      side_(divided_up(std::max(image_rows, image_columns), largest_decoded_side)),
      rows_(divided_up(image_rows, side_)),
      columns_(divided_up(image_columns, side_)),
      box_of_column_(image_columns),
      sums_(rows_ * columns_) {
  for (std::size_t column = 0; column < image_columns; ++column)
    box_of_column_[column] = static_cast<std::uint32_t>(column / side_);
}

void BoxSums::add(std::size_t row, std::span<const std::uint16_t> values, Columns columns) {
  std::uint32_t* const boxes = sums_.data() + row / side_ * columns_;
  if (side_ == 1 && columns.step == 1) {
    for (std::size_t i = 0; i < values.size(); ++i) boxes[columns.first + i] += values[i];
    return;
  }
  std::size_t column = columns.first;
  for (const std::uint16_t value : values) {
    boxes[box_of_column_[column]] += value;
    column += columns.step;
  }
}

std::uint32_t BoxSums::pixels(std::size_t row, std::size_t column) const {
  const std::size_t high = std::min(side_, image_rows_ - row * side_);
  const std::size_t wide = std::min(side_, image_columns_ - column * side_);
  return static_cast<std::uint32_t>(high * wide);
}

GreyImage mean_light(const BoxSums& light) {
  GreyImage image{.rows = light.rows(), .columns = light.columns()};
  image.light.reserve(image.rows * image.columns);
  for (std::size_t row = 0; row < image.rows; ++row)
    for (std::size_t column = 0; column < image.columns; ++column) {
      const std::uint32_t pixels = light.side() == 1 ? 1 : light.pixels(row, column);
      image.light.push_back(static_cast<std::uint8_t>((light.sum(row, column) + pixels / 2) / pixels));
    }
  return image;
}

}  // namespace nib
