#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "commands/sweep/planning.h"

namespace nib {

struct SweepOptions {
  SweepRequest request{};  ///< of a new sweep
  std::string out{}, resume{}, collect{};
  std::vector<std::uint64_t> run{};  ///< of a sweep that goes on: these alone; empty for all
  unsigned jobs = 0, threads = 0;    ///< 0 for what the machine gives
  bool print_slurm = false, print_parallel = false;
  bool all_tests = false, json = false, quiet = false;
};

/// What `nib sweep` does: each returns the exit code.
int begin_sweep(const SweepOptions& options, Streams& streams);
int resume_sweep(const SweepOptions& options, Streams& streams);
int collect_sweep(const SweepOptions& options, Streams& streams);

}  // namespace nib
