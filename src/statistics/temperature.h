#pragma once

#include <span>
#include <vector>

#include "statistics/predictions.h"

namespace nib {

/// The temperature T at which softmax(logits / T) has the least mean loss on labelled images (Guo et al. 2017, "On
/// calibration of modern neural networks"): above 1 where a network is surer than it is right. It is looked for from
/// 0.1 to 10. The logits are taken from the probabilities: ln p is one up to a constant that softmax does not see.
double fitted_temperature(const Predictions& predictions);

/// softmax(ln p / T), of one image.
std::vector<double> at_temperature(std::span<const float> probabilities, double temperature);

}  // namespace nib
