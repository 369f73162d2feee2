#pragma once

#include <span>
#include <string>

#include "parity/device_comparison.h"
#include "parity/replay.h"

namespace nib {

/// The figures of a replay as a table: peer, nib, difference, gate, verdict.
std::string replay_table(std::span<const ParityRow> rows);

/// What two engines, by what they say of themselves, differ by, with gates and verdicts.
std::string comparison_table(const std::string& first, const std::string& second,
                             const PredictionDifference& difference);

}  // namespace nib
