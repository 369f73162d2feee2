#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// A grey image as a person sees it.
struct GreyImage {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> light{};  ///< (row, column), 0 is black, 255 is white

  std::uint8_t at(std::size_t row, std::size_t column) const { return light[row * columns + column]; }
};

}  // namespace nib
