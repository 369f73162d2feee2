#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "engines/cpu/team.h"

namespace nib {

/// When the caller's thread is back from Team::run(), counted from its call, where tasks take so long as `task_seconds`
/// says and a thread reaches another in `handover` seconds: threads are called down the team's tree one after another
/// and report back up it, thread i begins with task i, and whoever is free first takes the next one.
inline double makespan(std::span<const double> task_seconds, unsigned threads, double handover) {
  const std::size_t tasks = task_seconds.size(), team = std::clamp<std::size_t>(tasks, 1, threads);
  constexpr std::size_t branches = cpu::Team::kBranches;
  std::vector<double> free(team, 0.0);
  for (std::size_t thread = 0; thread < team; ++thread) {
    const std::size_t first = branches * thread + 1, end = std::min(first + branches, team);
    for (std::size_t below = first; below < end; ++below) {
      free[thread] += handover;
      free[below] = free[thread];
    }
  }
  for (std::size_t thread = 0; thread < std::min(team, tasks); ++thread) free[thread] += task_seconds[thread];
  for (std::size_t task = team; task < tasks; ++task) *std::ranges::min_element(free) += task_seconds[task];
  for (std::size_t thread = team - 1; thread > 0; --thread) {
    double& above = free[(thread - 1) / branches];
    above = std::max(above, free[thread]) + handover;
  }
  return free[0];
}

}  // namespace nib
