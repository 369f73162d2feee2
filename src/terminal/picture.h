#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nib/dataset.h"
#include "terminal/terminal.h"

namespace nib {

/// A grey image of floats, 0 for background to 1 for full ink.
struct Picture {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;  ///< (row, column)
  /// Background outside.
  float at(std::size_t row, std::size_t column) const { return row < rows ? values[row * columns + column] : 0.0F; }
};

/// An image of the set, made smaller (each new pixel the mean of the area it covers) where it has more than
/// `most_columns` columns; rows shrink alike.
Picture picture_of(const Dataset& dataset, std::size_t index, std::size_t most_columns);

/// The picture as lines of text, one column a pixel and two rows of pixels a line: half blocks in two of 26 greys on a
/// colour terminal, block and shade characters with UTF-8 alone, else ASCII of growing weight.
std::vector<std::string> picture_lines(const Picture& picture, const Terminal& terminal);

}  // namespace nib
