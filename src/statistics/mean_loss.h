#pragma once

#include "statistics/predictions.h"

namespace nib {

/// The mean cross-entropy of predictions with known labels: -ln of the probability of the true class; with label
/// smoothing E, 1 - E of that, and E of the mean of -ln over all classes.
struct MeanLoss {
  double loss = 0;
  bool exact =
      true;  ///< false: some probability that counts is 0, of which a loss is unknown but large; it is left out
};
MeanLoss mean_loss(const Predictions& predictions, double label_smoothing = 0);

}  // namespace nib
