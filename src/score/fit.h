#pragma once

#include <optional>
#include <string>

#include "nib/dataset.h"
#include "nib/parameters.h"
#include "score/score.h"

namespace nib {

/// What came of the attempt to find a score: without one, or without a judge, why, in words for a sentence ("there are
/// fewer than 500 validation images").
struct FittedScore {
  std::optional<Score> score{};
  std::string why_no_score{}, why_no_judge{};
};

/// Finds how far a trained network can be trusted: its temperature on validation images, and where its classes are the
/// ten digits a judge, which learns from what the network makes of training images and of no_digits() made of them, and
/// whose limit is what 1.4 % of the validation images exceed, most of them drawn anew as pictures are. Runs on the
/// host, whatever trained the network, and gives the same score for any number of threads. `validation` may be null.
FittedScore fit_score(const Network& network, const Parameters& parameters, const Dataset& training,
                      const Dataset* validation, unsigned threads);

}  // namespace nib
