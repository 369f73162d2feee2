#pragma once

#include "report/html.h"
#include "report/recorded_run.h"

namespace nib {

/// A row a true class, a column a predicted one, errors tinted by their share of the true class; nothing without a
/// matrix.
Html confusion_matrix_table(const RecordedRun& run);
/// The pairs of classes that were confused most, at most ten.
Html confused_pairs_table(const RecordedRun& run);

}  // namespace nib
