#pragma once

#include <string>

#include "runs/comparison.h"
#include "terminal/terminal.h"

namespace nib {

/// The table of figures, and a sentence for each pair.
std::string comparison_text(const Comparison& comparison, const Terminal& terminal);

}  // namespace nib
