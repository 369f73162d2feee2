#pragma once

#include <string>

#include "cli/command_line.h"
#include "commands/train/train_options.h"
#include "encodings/json_reader.h"

namespace nib {

/// --augment and --label-smoothing.
void add_augmentation_options(Command command, TrainOptions& run);

/// "shift=2,rotate=10,scale=0.1": as --augment takes it, what is 0 left out; nothing where all is.
std::string augmentation_text(const Augmentation& augmentation);

/// "shift up to 2 pixels, rotation up to 10 degrees, scale up to 10 %".
std::string augmentation_in_words(const Augmentation& augmentation);

/// Both as settings of a run: none where it has none of them.
void add_augmentation_settings(Json& configuration, const TrainOptions& options);

/// Reads them back. Older runs have none. Throws Error (bad input).
Augmentation augmentation_of(const JsonReader& configuration);
double label_smoothing_of(const JsonReader& configuration);

/// The same as options for training_command().
std::string augmentation_command(const TrainOptions& options);

}  // namespace nib
