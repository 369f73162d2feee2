#pragma once

#include "statistics/predictions.h"

namespace nib {

/// The mean cross-entropy of predictions with known labels: -ln of the probability of the true class.
struct MeanLoss {
  double loss = 0;
  bool exact = true;  ///< false: some probability is 0, of which a loss is unknown but large; it counts as none
};
MeanLoss mean_loss(const Predictions& predictions);

}  // namespace nib
