#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "statistics/predictions.h"

namespace nib {

/// The images whose confidence lies in (low, high]; the first bin holds its lower end as well.
struct CalibrationBin {
  double low = 0, high = 0;
  std::uint64_t images = 0, correct = 0;
  double confidence_sum = 0;
  double confidence() const { return images ? confidence_sum / static_cast<double>(images) : 0; }
  double accuracy() const { return images ? static_cast<double>(correct) / static_cast<double>(images) : 0; }
};

/// A reliability diagram in numbers: equal bins of the confidence from 0 to 1, and the expected calibration error, the
/// mean over all images of |accuracy - confidence| of their bin (Guo et al. 2017, "On calibration of modern neural
/// networks").
struct Calibration {
  std::vector<CalibrationBin> bins{};
  double expected_error = 0;
};
Calibration calibration(const Predictions& predictions, std::size_t bins = 15);

}  // namespace nib
