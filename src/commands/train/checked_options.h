#pragma once

#include <string>
#include <vector>

#include "commands/train/train_options.h"

namespace nib {

/// What `nib train WORDS` would train with, read and checked as it does that; no data set or other file is looked at
/// but a settings file. Throws Error as `nib train` would.
TrainOptions checked_options(const std::vector<std::string>& words);

}  // namespace nib
