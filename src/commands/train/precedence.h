#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "commands/train/train_options.h"

namespace nib {

/// Of settings that exclude each other those of the stronger source count, where a recipe is weaker than a settings
/// file and that weaker than the command line; the others are as if they had not been given. So `--schedule cosine` is
/// enough against a file with `reduce-on-plateau`, and a schedule comes with its own parameters. Where both come from
/// one source nothing is done: that is a contradiction, which is refused later.
void settle_precedence(TrainOptions& options, Command command);

/// Settings, by their names in a settings file, that have values which do nothing in this run: parameters of other
/// schedules, and what is held out where nothing is.
std::vector<std::string> unused_settings(const TrainOptions& options);

}  // namespace nib
