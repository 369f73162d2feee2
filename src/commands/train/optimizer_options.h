#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "commands/train/train_options.h"

namespace nib {

/// --optimizer, --learning-rate, --l2, --weight-decay, --clip-norm and --ema.
void add_optimizer_options(Command command, TrainOptions& run);

/// The learning rate is that of the optimizer where none was given, or only by a recipe whose optimizer was replaced.
void settle_optimizer(TrainOptions& options, Command command);

/// Makes the optimizer the one that a training in Keras had. Throws Error (usage) where another was given.
void take_optimizer(TrainOptions& options, const Optimizer& of_run, const std::vector<std::string>& given);

/// The same as options for training_command().
std::string optimizer_words(const OptimizerChoice& choice);

}  // namespace nib
