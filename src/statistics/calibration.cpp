#include "statistics/calibration.h"

#include <algorithm>
#include <cmath>

namespace nib {
namespace {

std::vector<CalibrationBin> empty_bins(std::size_t count) {
  std::vector<CalibrationBin> bins(count);
  for (std::size_t i = 0; i < count; ++i) {
    bins[i].low = static_cast<double>(i) / static_cast<double>(count);
    bins[i].high = static_cast<double>(i + 1) / static_cast<double>(count);
  }
  return bins;
}

/// The first bin whose upper end is not below the confidence. Probabilities that were rounded may exceed 1 by a little.
CalibrationBin& bin_of(std::vector<CalibrationBin>& bins, double confidence) {
  return *std::ranges::lower_bound(bins.begin(), bins.end() - 1, confidence, {}, &CalibrationBin::high);
}

}  // namespace

Calibration calibration(const Predictions& predictions, std::size_t bins) {
  Calibration result{.bins = empty_bins(bins)};
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    const double confidence = predictions.confidence(image);
    CalibrationBin& bin = bin_of(result.bins, confidence);
    ++bin.images;
    bin.confidence_sum += confidence;
    if (predictions.predicted[image] == predictions.labels[image]) ++bin.correct;
  }
  if (predictions.size() == 0) return result;
  double gaps = 0;
  for (const CalibrationBin& bin : result.bins) gaps += std::abs(static_cast<double>(bin.correct) - bin.confidence_sum);
  result.expected_error = gaps / static_cast<double>(predictions.size());
  return result;
}

}  // namespace nib
