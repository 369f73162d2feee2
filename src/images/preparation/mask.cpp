#include "images/preparation/mask.h"

#include <algorithm>

namespace nib {

namespace {

std::size_t range_gap(std::size_t first, std::size_t length, std::size_t other, std::size_t other_length) {
  if (other > first + length) return other - first - length;
  if (first > other + other_length) return first - other - other_length;
  return 0;
}

}  // namespace

std::size_t column_gap(const Box& one, const Box& other) {
  return range_gap(one.column, one.columns, other.column, other.columns);
}

std::size_t box_gap(const Box& one, const Box& other) {
  return std::max(range_gap(one.row, one.rows, other.row, other.rows), column_gap(one, other));
}

Box box_around(const Box& one, const Box& other) {
  const std::size_t bottom = std::max(one.row + one.rows, other.row + other.rows),
                    right = std::max(one.column + one.columns, other.column + other.columns);
  Box box{std::min(one.row, other.row), std::min(one.column, other.column), 0, 0};
  box.rows = bottom - box.row;
  box.columns = right - box.column;
  return box;
}

Mask mask_of(const Field& field, float threshold) {
  Mask mask{field.rows, field.columns, std::vector<std::uint8_t>(field.values.size())};
  const float* const values = field.values.data();
  std::uint8_t* const set = mask.set.data();
  for (std::size_t i = 0; i < mask.set.size(); ++i) set[i] = values[i] >= threshold ? 1 : 0;
  return mask;
}

Mask transposed(const Mask& mask) {
  Mask result{mask.columns, mask.rows, std::vector<std::uint8_t>(mask.set.size())};
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) result.at(column, row) = mask.at(row, column);
  return result;
}

}  // namespace nib
