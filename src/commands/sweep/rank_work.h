#pragma once

#include <filesystem>

#include "cli/streams.h"
#include "commands/sweep/ranks.h"
#include "commands/sweep/sweep_ways.h"
#include "runs/sweep_plan.h"

namespace nib {

/// All ranks make the same plan: one of them writes it. An earlier launch of the same sweep is gone on with. Throws
/// Error: usage where the folder holds another one, io.
void agree_on_plan(const SweepPlan& plan, const std::filesystem::path& folder);

/// Makes a rank's share of the runs, and then the tables of what all have made by then: those of the last one are
/// whole. A rank that ends with an error would have its launcher kill the others, so only the last one tells what
/// failed. Returns the exit code.
int make_as_rank(const SweepOptions& options, const SweepPlan& plan, const std::filesystem::path& folder,
                 const SweepRank& rank, Streams& streams);

}  // namespace nib
