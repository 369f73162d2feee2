#include "statistics/mean_loss.h"

#include <cmath>
#include <limits>

namespace nib {

MeanLoss mean_loss(const Predictions& predictions) {
  MeanLoss result;
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    const float probability = predictions.of_image(image)[predictions.labels[image]];
    // Below the normal floats the digits run out.
    if (probability < std::numeric_limits<float>::min())
      result.exact = false;
    else
      result.loss -= std::log(static_cast<double>(probability));
  }
  if (predictions.size() > 0) result.loss /= static_cast<double>(predictions.size());
  return result;
}

}  // namespace nib
