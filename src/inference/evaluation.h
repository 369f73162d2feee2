#pragma once

#include <optional>

#include "nib/engine.h"
#include "statistics/predictions.h"
#include "statistics/test_result.h"

namespace nib {

/// What a network makes of a labelled set: the figures of all commands that evaluate come from here.
struct Evaluation {
  TestResult result;
  Predictions predictions;
  double seconds = 0;
};

/// nullopt when a signal asked for a stop meanwhile. Throws Error (numeric) when the loss is not finite.
std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images);

}  // namespace nib
