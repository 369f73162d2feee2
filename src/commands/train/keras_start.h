#pragma once

#include <string>
#include <vector>

#include "base/notes.h"
#include "commands/train/train_options.h"

namespace nib {

/// Where the options name a .keras to go on with: makes them those of a new run that starts from its weights, with
/// the optimizer, its moments and step as Keras left them, and its learning rate unless one (`given`, names of
/// options) or a recipe was given; on the data set that the file names, where nib wrote it, unless one was given. False
/// where they name anything else. Throws Error: io, bad input, or usage where start weights are named as well.
bool start_from_keras(TrainOptions& options, const std::vector<std::string>& given, Notes& notes);

}  // namespace nib
