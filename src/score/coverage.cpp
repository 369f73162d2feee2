#include "score/coverage.h"

#include "statistics/calibration.h"
#include "statistics/temperature.h"

namespace nib {

double Coverage::accuracy_of_accepted() const {
  return accepted == 0 ? 0 : static_cast<double>(accepted_correct) / static_cast<double>(accepted);
}

Coverage coverage(const Score& score, const Predictions& predictions, std::span<const std::uint8_t> inputs) {
  Coverage result{.images = predictions.size()};
  Predictions calibrated = predictions;
  const std::size_t width = score.judge ? score.judge->input.size() : 0;
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    const Verdict verdict = verdict_of(score, predictions.of_image(image), inputs.subspan(image * width, width));
    const bool correct = predictions.predicted[image] == predictions.labels[image];
    result.accepted += verdict.accepted();
    result.accepted_correct += verdict.accepted() && correct;
    result.mistakes += !correct;
    result.flagged_mistakes += !verdict.accepted() && !correct;
    const std::vector<double> probabilities = at_temperature(predictions.of_image(image), score.temperature);
    for (std::size_t i = 0; i < predictions.classes; ++i)
      calibrated.probabilities[image * predictions.classes + i] = static_cast<float>(probabilities[i]);
  }
  result.calibration_error = calibration(calibrated).expected_error;
  return result;
}

}  // namespace nib
