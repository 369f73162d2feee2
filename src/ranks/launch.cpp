#include "ranks/launch.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace nib {
namespace {

std::optional<unsigned> number(std::string_view text) {
  const std::optional<std::uint64_t> value = parse_unsigned(text);
  if (!value || *value > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<unsigned>(*value);
}

/// Of a variable; nothing where it is not set or no number.
std::optional<unsigned> number(const Environment& environment, const std::string& name) {
  return number(environment(name));
}

/// From Slurm's list of a number for each node, in which equal neighbours stand together: "2(x3),1" for four nodes.
std::optional<unsigned> number_of_node(std::string_view list, unsigned node) {
  while (!list.empty()) {
    const std::string_view entry = list.substr(0, list.find(','));
    list.remove_prefix(std::min(entry.size() + 1, list.size()));
    const std::size_t times = entry.find("(x");
    unsigned nodes = 1;
    if (times != std::string_view::npos) {
      if (!entry.ends_with(')')) return std::nullopt;
      nodes = number(entry.substr(times + 2, entry.size() - times - 3)).value_or(0);
    }
    if (node < nodes) return number(entry.substr(0, times));
    node -= nodes;
  }
  return std::nullopt;
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

unsigned launched_on_this_host(const Environment& environment) {
  for (const char* const variable : {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"})
    if (const auto count = number(environment, variable); count && *count > 0) return *count;
  const unsigned node = number(environment, "SLURM_NODEID").value_or(0);
  return std::max(1U, number_of_node(environment("SLURM_STEP_TASKS_PER_NODE"), node).value_or(1));
}

}  // namespace nib
