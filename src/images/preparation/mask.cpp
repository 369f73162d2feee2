#include "images/preparation/mask.h"

namespace nib {

Mask mask_of(const Field& field, float threshold) {
  Mask mask{field.rows, field.columns, std::vector<std::uint8_t>(field.values.size())};
  for (std::size_t i = 0; i < mask.set.size(); ++i) mask.set[i] = field.values[i] >= threshold ? 1 : 0;
  return mask;
}

Mask transposed(const Mask& mask) {
  Mask result{mask.columns, mask.rows, std::vector<std::uint8_t>(mask.set.size())};
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) result.at(column, row) = mask.at(row, column);
  return result;
}

}  // namespace nib
