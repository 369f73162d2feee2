#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.h"
#include "commands/train/train_options.h"
#include "encodings/json_reader.h"
#include "runs/checkpoint.h"

namespace nib {

/// --schedule and --reduce-on-plateau with their parameters.
void add_schedule_options(Command command, TrainOptions& run);

/// Whether the schedule has the parameter of an option without its dashes ("decay-rate").
bool is_schedule_parameter(std::string_view option, ScheduleKind kind);

/// Puts what was given (`given`, names of options) into the plan, for a new run and for one that goes on, whose
/// settings are not known yet.
void settle_schedule(TrainOptions& options);

/// Throws Error (usage) where the plan's schedule and plateau contradict each other or the epochs, or a parameter was
/// given that they do not have.
void check_schedule(const TrainingPlan& plan, const std::vector<std::string>& given);

/// The settings of schedule and plateau that a run has: none where its rate is constant.
void add_schedule_settings(Json& configuration, const TrainingPlan& plan);

/// Reads them back. Older runs have none. Throws Error (bad input).
Schedule schedule_of(const JsonReader& configuration);
std::optional<Plateau> plateau_of(const JsonReader& configuration);

/// The rate of the step that comes next, or at the run's end of its last one. Throws Error (bad input).
double learning_rate_of(const Checkpoint& checkpoint, const std::string& source);

/// The same as options for training_command().
std::string schedule_words(const TrainingPlan& plan);

/// Makes the schedule of a run that goes on that of the run, whose epochs were `epochs`, or another one where
/// --schedule was given: then what the run does not say is as given, and TrainOptions::other_schedule tells whether it
/// is another one. Throws Error (usage) naming what was given and differs, or where other epochs would change a
/// schedule that was not given again.
void take_schedule(TrainOptions& options, const JsonReader& configuration, const std::vector<std::string>& given);

}  // namespace nib
