#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "statistics/predictions.h"

namespace nib {

/// What two engines make of the same images with the same weights.
struct PredictionDifference {
  std::uint64_t images = 0;
  double probability = 0;  ///< the largest difference of a probability
  /// The largest difference of a probability's logarithm, which is a logit's but for what softmax takes away from all
  /// of an image's alike; over probabilities of 1e-30 and above.
  double log_probability = 0;
  std::uint64_t changed = 0;                     ///< images that are taken for another class
  std::optional<std::uint64_t> first_changed{};  ///< the index of the first of them

  bool within() const;  ///< of the gates, and no image changed
};

/// Both are of the same images.
PredictionDifference compare_predictions(const Predictions& first, const Predictions& second);

}  // namespace nib
