#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nib/dataset.h"
#include "terminal/terminal.h"

namespace nib {

/// What to write over one image of a grid, a line each.
struct GridCell {
  std::size_t index = 0;             ///< into the set
  std::vector<std::string> caption;  ///< e.g. "Label: 7", or "Predicted: 7 | True: 7" and the top three
  bool wrong = false;                ///< the caption is set off (bold red, without colour by "! ")
};

/// Images side by side, as many in a row as are asked for and fit (at most `across`); images and captions that are
/// wider than their share of the terminal shrink and are cut. Half blocks in grey levels where the terminal has UTF-8,
/// characters of growing weight else. Ends with a newline; "" for no cells.
std::string digit_grid(const Dataset& dataset, std::span<const GridCell> cells, unsigned across,
                       const Terminal& terminal);

}  // namespace nib
