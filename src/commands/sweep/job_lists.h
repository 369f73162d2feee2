#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "runs/sweep_plan.h"

namespace nib {

/// A script for `sbatch` whose array elements each make one of these runs of a sweep, with `threads` cores.
std::string slurm_script(const SweepPlan& plan, const std::vector<std::size_t>& runs,
                         const std::filesystem::path& sweep, unsigned threads);

/// A line for each of these runs that a shell can run alone: for GNU parallel, xargs or sh.
std::string parallel_list(const SweepPlan& plan, const std::vector<std::size_t>& runs,
                          const std::filesystem::path& sweep, unsigned threads);

}  // namespace nib
