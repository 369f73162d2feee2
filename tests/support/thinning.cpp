#include "support/thinning.h"

#include <array>
#include <numeric>
#include <vector>

namespace nib::styles {
namespace {

/// A pixel's neighbours, clockwise from the one above it.
std::array<int, 8> neighbours(const Mask& mask, std::size_t row, std::size_t column) {
  return {mask.at(row - 1, column),     mask.at(row - 1, column + 1), mask.at(row, column + 1),
          mask.at(row + 1, column + 1), mask.at(row + 1, column),     mask.at(row + 1, column - 1),
          mask.at(row, column - 1),     mask.at(row - 1, column - 1)};
}

/// Whether a pixel of the border can go without breaking or shortening a line; the two halves of a round look at
/// opposite sides.
bool can_go(const std::array<int, 8>& around, bool second_half) {
  const int count = std::accumulate(around.begin(), around.end(), 0);
  int rises = 0;
  for (std::size_t i = 0; i < 8; ++i) rises += around[i] == 0 && around[(i + 1) % 8] == 1;
  if (count < 2 || count > 6 || rises != 1) return false;
  const auto [above, right, below, left] = std::array{around[0], around[2], around[4], around[6]};
  return second_half ? above * right * left == 0 && above * below * left == 0
                     : above * right * below == 0 && right * below * left == 0;
}

std::vector<std::size_t> pixels_that_can_go(const Mask& mask, bool second_half) {
  std::vector<std::size_t> found;
  for (std::size_t row = 1; row + 1 < mask.rows; ++row)
    for (std::size_t column = 1; column + 1 < mask.columns; ++column)
      if (mask.at(row, column) && can_go(neighbours(mask, row, column), second_half))
        found.push_back(row * mask.columns + column);
  return found;
}

}  // namespace

Mask thinned(Mask mask) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const bool second_half : {false, true}) {
      const std::vector<std::size_t> going = pixels_that_can_go(mask, second_half);
      for (const std::size_t pixel : going) mask.set[pixel] = 0;
      changed |= !going.empty();
    }
  }
  return mask;
}

}  // namespace nib::styles
