#pragma once

#include "report/html.h"
#include "runs/run_record.h"

namespace nib {

/// A row a true class, a column a predicted one, errors tinted by their share of the true class; nothing without a
/// matrix.
Html confusion_matrix_table(const RunRecord& run);
/// The pairs of classes that were confused most, at most ten.
Html confused_pairs_table(const RunRecord& run);

}  // namespace nib
