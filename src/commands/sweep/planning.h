#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runs/sweep_plan.h"

namespace nib {

/// What the command line of a sweep asks for.
struct SweepRequest {
  std::vector<ListedSetting> lists{};  ///< of the options that were given, in the order of nib train's
  std::vector<std::uint64_t> seeds{0};
  bool pictures = false;
};

/// The plan of it. Each setting is checked as `nib train` checks it before it trains: options, settings file, network,
/// weights, data. Throws Error as that would, naming the setting in its hint; usage for settings that are the same, or
/// too many. Ends early where a signal asked for a stop.
SweepPlan make_plan(const SweepRequest& request);

/// Whether these settings of a plan, by their indices, would still be trained as the plan has it. Throws Error: as
/// above; bad input naming the setting or the data that changed since the sweep began.
void check_unchanged(const SweepPlan& plan, const std::vector<std::size_t>& settings);

/// Whether a run of the plan may compute on a GPU.
bool may_take_gpu(const SweepPlan& plan);

}  // namespace nib
