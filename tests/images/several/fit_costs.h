#pragma once

#include <vector>

#include "images/several/costs.h"
#include "images/several/known_lines.h"

namespace nib {

/// A line of which the right way is known, as figures alone.
struct FiguredLine {
  struct Piece {
    std::size_t first = 0, last = 0;
    bool good = false;  ///< right, or as good: all but the same
    Figures figures{};
  };
  std::size_t borders = 0;
  std::vector<Piece> pieces{};
};
/// Without what was not read. Nothing to learn from where no way is right.
FiguredLine figured(const KnownLine& line);

/// The weights under which good ways are likeliest, with a penalty of 0.02 on their squares: gradient descent by
/// Adam, of forward and backward sums over all ways (a conditional random field, see costs.h).
Figures fitted_weights(const std::vector<FiguredLine>& lines, std::size_t steps);

}  // namespace nib
