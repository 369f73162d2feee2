#pragma once

#include <vector>

#include "cli/command_line.h"

namespace nib {

/// The recipes of `nib train --recipe`, for MNIST and the digits network; docs/settings.md has how they were found, and
/// tools/recipes finds them again. Each is a list of settings by their names in a settings file, and so can have
/// whatever an option can set. The first one is the default.
std::vector<Recipe> training_recipes();

}  // namespace nib
