#pragma once

#include <functional>
#include <string>

namespace nib {

/// What the environment tells of how this process was started.
struct Launch {
  enum class Kind {
    alone,     ///< by no launcher that is known here, or as its only process
    mpi,       ///< by one that MPI processes are started with
    plain,     ///< as one of several, but without what MPI needs to know of the others: srun as it is usually set
    torchrun,  ///< as one of several of PyTorch's own launcher, which brings no MPI
  };
  Kind kind = Kind::alone;
  std::string library{};   ///< "openmpi" or "mpich": whose programs the launcher starts; empty where that is not told
  std::string variable{};  ///< that tells how many processes there are, or that there are some
  unsigned rank = 0;
  unsigned size = 1;  ///< 0 where it is not told
};

/// The value of an environment variable; empty where it is not set.
using Environment = std::function<std::string(const std::string& name)>;
std::string environment_value(const std::string& name);

/// By the variables of Open MPI's mpirun (OMPI_COMM_WORLD_SIZE), of MPICH's and those like it (PMI_SIZE), of PMIx,
/// which Open MPI understands (PMIX_RANK), of Slurm's srun (SLURM_STEP_NUM_TASKS) and of torchrun (WORLD_SIZE).
Launch find_launch(const Environment& environment);

/// How many of the processes that find_launch() tells of are on this machine, by Open MPI's mpirun, MPICH's or Slurm's
/// srun; 1 where none of them says.
unsigned launched_on_this_host(const Environment& environment);

}  // namespace nib
