#include "commands/sweep/ranks.h"

#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

struct Launcher {
  const char *rank, *size, *on_this_host;
};
constexpr std::array<Launcher, 4> launchers = {
    {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"},
     {"PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS"},
     {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS_PER_NODE"},
     {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_NTASKS_PER_NODE"}}};

std::optional<std::uint64_t> number(const char* variable) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? std::nullopt : parse_unsigned(text);
}

/// The script of an sbatch job has the variables of its whole job, and runs once: those of a step come with srun.
bool is_batch_script(const Launcher& launcher) {
  const char* const environment = std::getenv("ENVIRONMENT");
  return std::string_view(launcher.size) == "SLURM_NTASKS" && environment != nullptr &&
         std::string_view(environment) == "BATCH";
}

}  // namespace

std::vector<std::size_t> SweepRank::own(const std::vector<std::size_t>& runs) const {
  std::vector<std::size_t> mine;
  for (const std::size_t run : runs)
    if (run % size == rank) mine.push_back(run);
  return mine;
}

std::optional<SweepRank> launched_rank() {
  for (const Launcher& launcher : launchers) {
    const auto rank = number(launcher.rank), size = number(launcher.size);
    if (!rank || !size || is_batch_script(launcher)) continue;
    if (*rank >= *size)
      throw input_error({.file = launcher.rank,
                         .problem = "no rank of " + std::string(launcher.size),
                         .expected = fmt::format("below {}", *size),
                         .got = std::to_string(*rank)});
    if (*size < 2) return std::nullopt;
    return SweepRank{.rank = *rank, .size = *size, .on_this_host = number(launcher.on_this_host).value_or(1)};
  }
  return std::nullopt;
}

}  // namespace nib
