#include "parity/device_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "parity/gates.h"

namespace nib {

bool PredictionDifference::within() const {
  return probability <= probability_gate && log_probability <= log_probability_gate && changed == 0;
}

PredictionDifference compare_predictions(const Predictions& first, const Predictions& second) {
  constexpr double least = 1e-30;  // far above where float32 has fewer digits
  PredictionDifference result{.images = first.size()};
  for (std::size_t index = 0; index < first.probabilities.size(); ++index) {
    const auto one = static_cast<double>(first.probabilities[index]);
    const auto other = static_cast<double>(second.probabilities[index]);
    result.probability = std::max(result.probability, std::abs(one - other));
    if (one >= least && other >= least)
      result.log_probability = std::max(result.log_probability, std::abs(std::log(one) - std::log(other)));
  }
  for (std::size_t image = 0; image < first.size(); ++image) {
    if (first.predicted[image] == second.predicted[image]) continue;
    if (result.changed++ == 0) result.first_changed = image;
  }
  return result;
}

}  // namespace nib
