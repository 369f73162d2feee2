#include "ranks/launch.h"

#include <cstdlib>
#include <limits>
#include <optional>

#include "base/text.h"

namespace nib {
namespace {

/// Of a variable; nothing where it is not set or no number.
std::optional<unsigned> number(const Environment& environment, const std::string& name) {
  const std::optional<std::uint64_t> value = parse_unsigned(environment(name));
  if (!value || *value > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<unsigned>(*value);
}

struct Known {
  const char *size, *rank;
  Launch::Kind kind;
  const char* library;
};

/// A launcher within another one comes first: mpirun within a job of Slurm.
constexpr Known known[] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", Launch::Kind::mpi, "openmpi"},
                           {"PMI_SIZE", "PMI_RANK", Launch::Kind::mpi, "mpich"},
                           {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", Launch::Kind::plain, ""},
                           {"WORLD_SIZE", "RANK", Launch::Kind::torchrun, ""}};

}  // namespace

std::string environment_value(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
}

Launch find_launch(const Environment& environment) {
  for (const Known& each : known) {
    const std::optional<unsigned> size = number(environment, each.size), rank = number(environment, each.rank);
    if (!size || !rank) continue;
    if (each.kind == Launch::Kind::torchrun && environment("MASTER_ADDR").empty()) continue;
    Launch launch{.kind = each.kind, .library = each.library, .variable = each.size, .rank = *rank, .size = *size};
    if (each.kind == Launch::Kind::plain && number(environment, "PMIX_RANK")) {
      launch.kind = Launch::Kind::mpi;
      launch.library = "openmpi";
    }
    if (launch.size <= 1) launch.kind = Launch::Kind::alone;
    return launch;
  }
  if (const std::optional<unsigned> rank = number(environment, "PMIX_RANK"))
    return {.kind = Launch::Kind::mpi, .library = "openmpi", .variable = "PMIX_RANK", .rank = *rank, .size = 0};
  return {};
}

}  // namespace nib
