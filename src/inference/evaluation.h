#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nib/engine.h"
#include "statistics/predictions.h"
#include "terminal/terminal.h"

namespace nib {

/// What a network makes of a labelled set: the figures of all commands that evaluate come from here.
struct Evaluation {
  Metrics metrics;
  Predictions predictions;
  double seconds = 0;

  double loss() const { return metrics.loss_sum / static_cast<double>(metrics.rows); }
  double accuracy() const { return static_cast<double>(metrics.correct) / static_cast<double>(metrics.rows); }
};

/// nullopt when a signal asked for a stop meanwhile. Throws Error (numeric) when the loss is not finite.
std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images);

/// "Test loss: ..." and "Test accuracy: ...", a line each.
std::string result_lines(const Evaluation& evaluation);

/// The confusion matrix and the classification report under their headings.
std::string result_tables(const Evaluation& evaluation, const std::vector<std::string>& class_names, unsigned digits,
                          const Terminal& terminal);

}  // namespace nib
