#include "images/preparation/sketch.h"

#include <algorithm>

#include "images/decoding/image_files.h"

namespace nib {
namespace {

template <typename Set>
void for_each_pixel(const Box& box, const Set& set) {
  for (std::size_t row = box.row; row < box.row + box.rows; ++row)
    for (std::size_t column = box.column; column < box.column + box.columns; ++column) set(row, column);
}

}  // namespace

GreyImage blank(std::size_t rows, std::size_t columns, std::uint8_t light) {
  return {rows, columns, std::vector<std::uint8_t>(rows * columns, light)};
}

void fill(GreyImage& picture, const Box& box, std::uint8_t light) {
  for_each_pixel(box,
                 [&](std::size_t row, std::size_t column) { picture.light[row * picture.columns + column] = light; });
}

void fill(Mask& mask, const Box& box) {
  for_each_pixel(box, [&](std::size_t row, std::size_t column) { mask.at(row, column) = 1; });
}

void fill(Field& field, const Box& box, float value) {
  for_each_pixel(box, [&](std::size_t row, std::size_t column) { field.at(row, column) = value; });
}

Mask empty_mask(std::size_t rows, std::size_t columns) {
  return {rows, columns, std::vector<std::uint8_t>(rows * columns)};
}

void add_noise(GreyImage& picture, int levels) {
  const std::vector<std::uint16_t> numbers = noise(picture.light.size(), static_cast<std::uint32_t>(2 * levels));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    picture.light[i] = static_cast<std::uint8_t>(std::clamp(picture.light[i] + numbers[i] - levels, 0, 255));
}

void darken_to_the_right(GreyImage& picture, double last) {
  for (std::size_t i = 0; i < picture.light.size(); ++i) {
    const double across = static_cast<double>(i % picture.columns) / static_cast<double>(picture.columns - 1);
    picture.light[i] = static_cast<std::uint8_t>(picture.light[i] * (1 - across * (1 - last)) + 0.5);
  }
}

}  // namespace nib
