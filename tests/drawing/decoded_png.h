#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nib {

/// A PNG file as its viewer has it.
struct DecodedPng {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> rgb;  ///< (row, column, channel)

  std::array<int, 3> at(std::size_t row, std::size_t column) const {
    const std::uint8_t* pixel = rgb.data() + 3 * (row * columns + column);
    return {pixel[0], pixel[1], pixel[2]};
  }
};

/// Throws std::runtime_error for what is no PNG file.
DecodedPng decode_png(std::span<const std::uint8_t> file);

/// Each pixel the mean of the area it covers; `columns` wide, with as many rows as keep the proportions.
DecodedPng shrunk(const DecodedPng& image, std::size_t columns);

}  // namespace nib
