#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "cli/streams.h"
#include "commands/sweep/farm.h"
#include "commands/sweep/ranks.h"
#include "commands/sweep/sweep_ways.h"
#include "runs/output_folder.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_table.h"

namespace nib {

/// A sweep's folder as OutputFolder takes it; `is_there`: it has its plan by now.
FolderRequest sweep_folder_request(const std::filesystem::path& folder, bool is_there);

/// Whose runs are made, and which.
struct Farming {
  const SweepPlan& plan;
  const std::filesystem::path& folder;
  std::vector<std::size_t> numbers{};  ///< of runs that are to be made
  std::optional<SweepRank> rank{};
};

FarmSize farm_size(const SweepOptions& options, const Farming& farming);
/// "30 runs: 6 settings with 5 seeds each; 2 at a time, 1 thread each\n".
std::string introduction(const Farming& farming, FarmSize size);

/// The numbers of all runs of a plan.
std::vector<std::size_t> all_numbers(const SweepPlan& plan);
/// All runs of a plan, those of `numbers` as they stand, the others as if nothing was there. Ends early where a signal
/// asked for a stop.
std::vector<SweepRun> read_runs(const SweepPlan& plan, const std::filesystem::path& folder,
                                const std::vector<std::size_t>& numbers);
/// Looks at those that were running once more, and waits a few seconds for what a sweep left which was killed: that
/// ends in good order, which takes a moment.
void wait_for_ending(const SweepPlan& plan, const std::filesystem::path& folder, std::span<SweepRun> runs);
/// Of `numbers` those that can be made, or go on.
std::vector<std::size_t> numbers_to_make(const std::vector<SweepRun>& runs, const std::vector<std::size_t>& numbers);

/// Makes the runs, then the tables. Returns the exit code; throws Error where runs failed.
int make_and_conclude(const SweepOptions& options, const Farming& farming, std::vector<SweepRun> runs,
                      OutputFolder& folder, Streams& streams);
/// Writes the results, tells them, and with the exit code what is missing.
int conclude(const SweepOptions& options, const SweepPlan& plan, const SweepTable& table, OutputFolder& folder,
             Streams& streams);
/// The end of a sweep that a signal stopped.
int end_stopped(const Farming& farming, const std::vector<SweepRun>& runs, Streams& streams);

}  // namespace nib
