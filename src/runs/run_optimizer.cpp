#include "runs/run_optimizer.h"

#include <fmt/core.h>

#include <cmath>
#include <vector>

namespace nib {
namespace {

const Optimizer& defaults_of(const OptimizerChoice& choice) { return find_optimizer(choice.name)->optimizer; }

std::optional<double> number_of(const JsonReader& configuration, const char* key, double lowest, double highest) {
  const auto value = configuration.find(key);
  if (!value) return std::nullopt;
  const double number = value->number();
  if (!(number >= lowest && number <= highest))
    throw value->error("out of range", fmt::format("between {} and {}", lowest, highest), fmt::format("{}", number));
  return number;
}

/// Calls `tell(key, words, number)` for each setting that is not Adam's.
template <typename Tell>
void tell_settings(const OptimizerChoice& choice, const Tell& tell) {
  const Optimizer optimizer = chosen_optimizer(choice);
  if (optimizer.l2 > 0) tell("l2", "L2 penalty", optimizer.l2);
  if (optimizer.weight_decay != 0 || defaults_of(choice).weight_decay != 0)
    tell("weight_decay", "weight decay", optimizer.weight_decay);
  if (optimizer.clip_norm) tell("clip_norm", "clip norm", *optimizer.clip_norm);
  if (optimizer.average) tell("ema", "ema", *optimizer.average);
}

}  // namespace

Optimizer chosen_optimizer(const OptimizerChoice& choice) {
  Optimizer optimizer = defaults_of(choice);
  optimizer.l2 = choice.l2;
  if (choice.weight_decay) optimizer.weight_decay = *choice.weight_decay;
  if (choice.clip_norm) optimizer.clip_norm = choice.clip_norm;
  if (choice.average) optimizer.average = choice.average;
  return optimizer;
}

void add_optimizer_settings(Json& configuration, const OptimizerChoice& choice) {
  if (choice.name != OptimizerChoice{}.name) configuration["optimizer"] = choice.name;
  tell_settings(choice, [&](const char* key, const char*, double number) { configuration[key] = number; });
}

OptimizerChoice optimizer_of(const JsonReader& configuration) {
  OptimizerChoice choice;
  if (configuration.is_null()) return choice;
  if (const auto name = configuration.find("optimizer")) {
    std::vector<std::string> names;
    for (const NamedOptimizer& each : named_optimizers()) names.emplace_back(each.name);
    choice.name = names[name->word_index(names)];
  }
  choice.l2 = number_of(configuration, "l2", 0, greatest_l2).value_or(0);
  choice.weight_decay = number_of(configuration, "weight_decay", 0, greatest_weight_decay);
  choice.weight_decay = chosen_optimizer(choice).weight_decay;
  choice.clip_norm = number_of(configuration, "clip_norm", least_clip_norm, greatest_clip_norm);
  choice.average = number_of(configuration, "ema", 0, std::nextafter(1.0, 0.0));
  return choice;
}

std::string optimizer_in_words(const OptimizerChoice& choice) {
  std::string words = choice.name;
  tell_settings(choice,
                [&](const char*, const char* what, double number) { words += fmt::format(", {} {}", what, number); });
  return words == OptimizerChoice{}.name ? "" : words;
}

}  // namespace nib
