#pragma once

#include <string>

#include "nib/dataset.h"
#include "statistics/predictions.h"
#include "terminal/terminal.h"

namespace nib {

/// The first nine images with their labels.
std::string sample_grid(const Dataset& dataset, const Terminal& terminal);

/// The first nine images with predicted and true class.
std::string prediction_grid(const Dataset& dataset, const Predictions& predictions, const Terminal& terminal);

}  // namespace nib
