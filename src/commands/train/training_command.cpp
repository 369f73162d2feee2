#include "commands/train/training_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace nib {
namespace {

std::string shell_word(const std::string& text) {
  const auto is_plain = [](char letter) {
    constexpr std::string_view others = "-_./:=,+@%";
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           others.find(letter) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return text;
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word + "'";
}

}  // namespace

std::string training_command(const TrainOptions& options) {
  std::string command = fmt::format(
      "nib train --data {} --epochs {} --batch {} --validation-split {} "
      "--learning-rate {} --seed {} --device {}",
      shell_word(options.data), options.plan.epochs, options.plan.batch, options.validation_split,
      options.plan.learning_rate, options.plan.seed, options.device.device);
  if (!options.network.empty()) command += " --network " + shell_word(options.network);
  if (!options.weights.empty()) command += " --weights " + shell_word(options.weights);
  if (!options.device.precision.empty()) command += " --precision " + options.device.precision;
  if (options.device.fast) command += " --fast";
  return command;
}

}  // namespace nib
