#pragma once

#include <functional>
#include <optional>
#include <span>

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

/// nullopt when a signal asked for a stop meanwhile. Throws Error (numeric) when the loss, or without
/// labels a probability, is not finite.
std::optional<Evaluation> evaluate_all(Engine& engine, const ImageSet& images);
/// The same of whatever takes the images of a set through a network, and fills in their probabilities, (image, class).
using TestOfSet = std::function<Metrics(std::span<float> probabilities, const EvaluationProgress& progress)>;
std::optional<Evaluation> evaluate_by(const Dataset& dataset, const TestOfSet& test);

}  // namespace nib
