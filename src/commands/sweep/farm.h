#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "cli/streams.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_run.h"

namespace nib {

struct FarmSize {
  unsigned jobs = 1;     ///< runs at a time
  unsigned threads = 1;  ///< of each
  bool live = true;      ///< on a terminal a table is drawn, which is this process's alone
};

/// Makes runs of a sweep in processes of their own, `size.jobs` at a time, and puts what became of them into `runs`.
/// What one fails by ends no other. Where memory is short, by what finished runs took, fewer run at a time. A signal
/// that asks for a stop is handed on; then no other run begins, and this returns when all have ended. Throws Error (io)
/// where no run can be made any more, such as on a full disk, behind the end of those that run.
void make_runs(const SweepPlan& plan, const std::vector<std::size_t>& numbers, const std::filesystem::path& sweep,
               FarmSize size, std::vector<SweepRun>& runs, Streams& streams);

}  // namespace nib
