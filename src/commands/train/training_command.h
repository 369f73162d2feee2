#pragma once

#include <string>

#include "commands/train/train_options.h"

namespace nib {

/// The command that makes the same weights again, with everything that they depend on written out; words that a shell
/// would take apart are quoted.
std::string training_command(const TrainOptions& options);

}  // namespace nib
