#pragma once

#include <cstdint>
#include <span>

#include "score/score.h"
#include "statistics/predictions.h"

namespace nib {

/// What a score is worth on a labelled set: of how many images it says that the answer can be trusted.
struct Coverage {
  std::uint64_t images = 0, accepted = 0;
  std::uint64_t accepted_correct = 0;                ///< of those that are accepted
  std::uint64_t mistakes = 0, flagged_mistakes = 0;  ///< of all images; flagged: not accepted
  double calibration_error = 0;                      ///< expected, of the calibrated probabilities; see calibration()
  double accuracy_of_accepted() const;
};

/// `inputs`: (image, byte), of the judge; empty where the score has none.
Coverage coverage(const Score& score, const Predictions& predictions, std::span<const std::uint8_t> inputs);

}  // namespace nib
