#pragma once

#include <optional>
#include <vector>

#include "nib/dataset.h"
#include "nib/engine.h"
#include "statistics/predictions.h"
#include "statistics/test_result.h"

namespace nib {

/// What a network makes of a set: the figures of all commands that evaluate come from here.
struct Evaluation {
  TestResult result;  ///< of a set without labels the number of images alone
  Predictions predictions;
  double seconds = 0;
};

/// Of what was counted on a set, and probabilities, (image, class). Throws Error (numeric), see evaluate_all().
Evaluation evaluation_of(const Dataset& dataset, const Metrics& metrics, std::vector<float> probabilities,
                         double seconds);

/// nullopt when a signal asked for a stop meanwhile. Throws Error (numeric) when the loss, or without
/// labels a probability, is not finite.
std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images);

}  // namespace nib
