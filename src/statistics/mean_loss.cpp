#include "statistics/mean_loss.h"

#include <cmath>
#include <limits>

namespace nib {

MeanLoss mean_loss(const Predictions& predictions, double label_smoothing) {
  MeanLoss result;
  const auto add = [&](float probability, double share) {
    // Below the normal floats the digits run out.
    if (probability < std::numeric_limits<float>::min())
      result.exact = false;
    else
      result.loss -= share * std::log(static_cast<double>(probability));
  };
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    const auto probabilities = predictions.of_image(image);
    add(probabilities[predictions.labels[image]], 1 - label_smoothing);
    if (label_smoothing > 0)
      for (const float probability : probabilities)
        add(probability, label_smoothing / static_cast<double>(predictions.classes));
  }
  if (predictions.size() > 0) result.loss /= static_cast<double>(predictions.size());
  return result;
}

}  // namespace nib
