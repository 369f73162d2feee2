#pragma once

#include <vector>

#include "score/pen_lines.h"
#include "score/random.h"

namespace nib {

/// What a hand may draw that goes on where it is: strokes and rings that hang together, each from an end or the middle
/// of one before, many of them in pairs as arms, legs, wings and leaves are.
std::vector<PenLine> doodle(Random& random);

}  // namespace nib
