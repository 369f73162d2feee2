#pragma once

#include <vector>

#include "images/several/pieces.h"

namespace nib {

/// Takes boxes and rows of cells that stand around digits out of the pieces and of the mask, and says how many such
/// pieces there were. A frame is a piece whose outline is straight on all four sides. Its lines are runs of thin ink
/// that go on for at least half as far as its longest; where a digit touches or crosses them it stays, as pieces of its
/// own.
std::size_t remove_frames(std::vector<Piece>& pieces, Mask& mask);

}  // namespace nib
