#pragma once

#include <string>
#include <string_view>

#include "statistics/predictions.h"

namespace nib {

/// test_predictions.csv: `index,true,predicted,p0,p1,...`, a line an image in file order; classes as numbers,
/// probabilities in nine significant digits, which read back exactly.
std::string predictions_csv(const Predictions& predictions);

/// Reads what predictions_csv() wrote. Throws Error (bad input) that names `source`, line and column for anything that
/// it would not have written: an index out of order, no such class, a probability outside 0 to 1, a predicted class
/// that is not the first most likely one.
Predictions read_predictions_csv(std::string_view text, const std::string& source);

}  // namespace nib
