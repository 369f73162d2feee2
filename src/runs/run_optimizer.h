#pragma once

#include <optional>
#include <string>

#include "encodings/json_reader.h"
#include "nib/optimizer.h"

namespace nib {

/// The optimizer of a run, by its name and what was said beside it; what was not is as named_optimizers() have it.
struct OptimizerChoice {
  std::string name = "adam";
  double l2 = 0;
  std::optional<double> weight_decay{}, clip_norm{}, average{};
};

Optimizer chosen_optimizer(const OptimizerChoice& choice);

/// The settings of a run's configuration for it; none for Adam alone.
void add_optimizer_settings(Json& configuration, const OptimizerChoice& choice);

/// Reads them back; those of a run without a configuration are the usual ones. Throws Error (bad input).
OptimizerChoice optimizer_of(const JsonReader& configuration);

/// "adamw, L2 penalty 0.001, weight decay 0.004, clip norm 1"; empty for Adam alone.
std::string optimizer_in_words(const OptimizerChoice& choice);

}  // namespace nib
