#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace nib {

/// One of several processes that a launcher (mpirun, srun) started with the same command, by the variables that it
/// sets; no MPI is called. They share a sweep's runs out: run i goes to rank i mod size.
struct SweepRank {
  std::size_t rank = 0, size = 1;
  std::size_t on_this_host = 1;  ///< ranks that share this machine's cores; 1 where the launcher does not say

  bool owns(std::size_t run) const { return run % size == rank; }
  /// Those of the runs that are this rank's.
  std::vector<std::size_t> own(const std::vector<std::size_t>& runs) const;
};

/// Nothing where no launcher that find_launch() knows started several of this process. The script of an sbatch job is
/// no rank. Throws Error (bad input) for variables that contradict each other.
std::optional<SweepRank> launched_rank();

}  // namespace nib
