#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/preparation/field.h"

namespace nib {

/// Which pixels are ink.
struct Mask {
  std::size_t rows = 0, columns = 0;
  std::vector<std::uint8_t> set{};  ///< (row, column), 1 or 0

  std::uint8_t& at(std::size_t row, std::size_t column) { return set[row * columns + column]; }
  std::uint8_t at(std::size_t row, std::size_t column) const { return set[row * columns + column]; }
};

/// A part of an image, in pixels.
struct Box {
  std::size_t row = 0, column = 0, rows = 0, columns = 0;
  bool operator==(const Box&) const = default;
};

/// The least box that holds both.
Box box_around(const Box& one, const Box& other);

/// Pixels between two boxes across, and the larger of that and of those down; 0 where they meet.
std::size_t column_gap(const Box& one, const Box& other);
std::size_t box_gap(const Box& one, const Box& other);

/// The pixels of at least `threshold`.
Mask mask_of(const Field& field, float threshold);
Mask transposed(const Mask& mask);

}  // namespace nib
