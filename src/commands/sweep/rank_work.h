#pragma once

#include <filesystem>

#include "cli/streams.h"
#include "commands/sweep/sweep_work.h"
#include "runs/sweep_plan.h"

namespace nib {

/// All ranks make the same plan: one of them writes it. An earlier launch of the same sweep is gone on with. Throws
/// Error: usage where the folder holds another one, io.
void agree_on_plan(const SweepPlan& plan, const std::filesystem::path& folder);

/// Makes a rank's share of the runs, the `numbers`, and then, where no other rank is at work any more, the tables. A
/// rank that ends with an error would have its launcher kill the others, so only that last one tells what failed.
/// Returns the exit code.
int make_as_rank(const SweepOptions& options, const Farming& farming, std::vector<SweepRun> runs, Streams& streams);

}  // namespace nib
