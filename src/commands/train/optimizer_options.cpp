#include "commands/train/optimizer_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "cli/options.h"

namespace nib {
namespace {

constexpr std::array options = {"--optimizer", "--l2", "--weight-decay", "--clip-norm", "--ema"};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const NamedOptimizer& each : named_optimizers()) all.emplace_back(each.name);
  return all;
}

}  // namespace

void add_optimizer_options(Command command, TrainOptions& run) {
  OptimizerChoice& choice = run.optimizer;
  add_word(command, "--optimizer", names(), choice.name, "rule of the updates, as Keras has it (default adam)");
  add_number(command, "--learning-rate", run.learning_rate,
             {.lowest = least_learning_rate, .highest = greatest_learning_rate}, "learning rate",
             "0.001, of sgd, momentum and nesterov 0.01");
  add_number(command, "--l2", choice.l2, {.lowest = 0, .highest = greatest_l2},
             "add this times the sum of the squares of all weights to the loss; not of biases");
  add_number(command, "--weight-decay", choice.weight_decay, {.lowest = 0, .highest = greatest_weight_decay},
             "part of each weight that a step takes off, times the rate; not of biases", "0, of adamw 0.004");
  add_number(command, "--clip-norm", choice.clip_norm, {.lowest = least_clip_norm, .highest = greatest_clip_norm},
             "greatest norm of all gradients together: longer ones are scaled", "off");
  add_number(command, "--ema", choice.average, {.lowest = 0, .highest = 1, .below_highest = true},
             "end with means of the weights over the steps, which keep this part a step", "off");
}

void settle_optimizer(TrainOptions& run, Command command) {
  const bool other_rule = command.origin("optimizer") > Origin::recipe && run.optimizer.name != OptimizerChoice{}.name;
  if (command.origin("learning-rate") == Origin::recipe && other_rule) {
    run.learning_rate.reset();
    command.forget("learning-rate");
  }
  run.plan.learning_rate = run.learning_rate.value_or(find_optimizer(run.optimizer.name)->learning_rate);
}

void take_optimizer(TrainOptions& run, const Optimizer& of_run, const std::vector<std::string>& given) {
  OptimizerChoice choice{
      .l2 = of_run.l2, .weight_decay = of_run.weight_decay, .clip_norm = of_run.clip_norm, .average = of_run.average};
  for (const NamedOptimizer& each : named_optimizers())
    if (each.optimizer.rule == of_run.rule) {
      choice.name = each.name;
      break;
    }
  const bool is_named = std::ranges::any_of(options, [&](const char* option) { return is_given(given, option); });
  const auto shown = [](const OptimizerChoice& any) {
    const std::string words = optimizer_in_words(any);
    return words.empty() ? any.name : words;
  };
  if (is_named && chosen_optimizer(run.optimizer) != of_run)
    throw usage_error({.setting = "optimizer",
                       .problem = "the run to resume has another one",
                       .expected = shown(choice),
                       .got = shown(run.optimizer),
                       .hint = "leave it out: a run goes on with its own settings"});
  run.optimizer = choice;
}

std::string optimizer_words(const OptimizerChoice& choice) {
  std::string words;
  if (choice.name != OptimizerChoice{}.name) words += " --optimizer " + choice.name;
  const auto add = [&](const char* option, const std::optional<double>& number, double usual) {
    if (number && *number != usual) words += fmt::format(" {} {}", option, *number);
  };
  add("--l2", choice.l2, 0);
  add("--weight-decay", choice.weight_decay, find_optimizer(choice.name)->optimizer.weight_decay);
  add("--clip-norm", choice.clip_norm, 0);
  add("--ema", choice.average, -1);
  return words;
}

}  // namespace nib
