#pragma once

#include <vector>

#include "score/pen_lines.h"
#include "score/random.h"

namespace nib {

/// A letter by a hand of its own, or nearly as printed: each point led astray, made wide or narrow, leant over, its
/// parts higher or lower, and given serifs.
std::vector<PenLine> letter(Random& random);

}  // namespace nib
