#pragma once

#include <string>

#include "nib/network.h"
#include "runs/run_record.h"
#include "statistics/predictions.h"

namespace nib {

/// Many figures of a run can be worked out from others: numbers of images from the classes' counts, `correct` and
/// accuracy from the confusion matrix, and that and the loss from the predictions. These check that they agree, so that
/// a file that was damaged, edited or taken from another run is not believed. All throw Error (bad input), naming
/// `source` and what contradicts something else.

/// The record of a finished run within itself, and beside its network.
void check_figures(const RunRecord& record, const Network& network, const std::string& source);

/// Predictions beside the record, which has a test with a confusion matrix.
void check_predictions(const Predictions& predictions, const RunRecord& record, const std::string& source);

}  // namespace nib
