#include "commands/train/training_command.h"

#include <fmt/core.h>

#include "base/text.h"
#include "commands/train/augmentation_options.h"
#include "commands/train/optimizer_options.h"
#include "commands/train/schedule_options.h"

namespace nib {
std::string training_command(const TrainOptions& options) {
  std::string command = fmt::format(
      "nib train --data {} --epochs {} --batch {} --validation-split {} "
      "--learning-rate {} --seed {} --device {}",
      shell_word(options.data), options.plan.epochs, options.plan.batch, options.validation_split,
      options.plan.learning_rate, options.plan.seed, options.device.device);
  if (options.validation != TrainOptions{}.validation) command += " --validation " + options.validation;
  if (!options.validation_data.empty()) command += " --validation-data " + shell_word(options.validation_data);
  if (options.limit > 0) command += fmt::format(" --limit {}", options.limit);
  if (options.prepare) command += " --prepare";
  if (!options.model.network.empty()) command += " --network " + shell_word(options.model.network);
  if (options.model.flatten) command += std::string(" --flatten ") + flatten_word(*options.model.flatten);
  if (!options.model.weights.empty())
    command += (options.steps_before ? " --resume " : " --weights ") + shell_word(options.model.weights);
  if (!options.device.precision.empty()) command += " --precision " + options.device.precision;
  if (options.device.kernels != "own") command += " --kernels " + options.device.kernels;
  if (options.device.fast) command += " --fast";
  command += optimizer_words(options.optimizer) + augmentation_command(options) + schedule_words(options.plan);
  if (!options.monitor.empty()) command += " --monitor " + options.monitor;
  if (options.plan.monitor.min_delta > 0) command += fmt::format(" --min-delta {}", options.plan.monitor.min_delta);
  if (options.plan.patience) command += fmt::format(" --early-stopping {}", *options.plan.patience);
  if (options.restore_best) command += " --restore-best";
  return command;
}

}  // namespace nib
