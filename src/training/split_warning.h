#pragma once

#include <optional>
#include <string>

#include "nib/dataset.h"

namespace nib {

/// Which classes the validation part has and the training part lacks, as those of a set that is sorted by class: its
/// validation figures say nothing. One line, or nothing where there are none.
std::optional<std::string> warning_of_split(const Split& split);

}  // namespace nib
