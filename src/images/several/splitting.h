#pragma once

#include <vector>

#include "images/several/reading.h"
#include "images/several/text_lines.h"

namespace nib {

/// Divides a line, which has pieces, into digits by recognising them. First each fragment joins the digit near it that
/// becomes a better one by it. Then pieces are cut along all ways on which digits may touch (seams.h), and of all ways
/// to put neighbouring parts together to digits, which are read in one batch, the one is taken whose costs (costs.h)
/// have the least sum.
std::vector<FoundDigit> digits_of(const TextLine& line, const PieceReader& read);

}  // namespace nib
