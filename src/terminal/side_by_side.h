#pragma once

#include <string>
#include <vector>

#include "terminal/terminal.h"

namespace nib {

/// One figure of everything compared.
struct SideBySideRow {
  std::string label;
  std::vector<std::string> cells;
};

/// A table with a column for each thing compared under its name. What does not fit beside each other into the terminal
/// follows below, with the labels again; names and cells of more than 40 characters are cut. Ends with a newline.
std::string side_by_side(const std::vector<std::string>& names, const std::vector<SideBySideRow>& rows,
                         const Terminal& terminal);

}  // namespace nib
