#include "commands/sweep/ranks.h"

#include <fmt/core.h>

#include <string>

#include "base/error.h"
#include "ranks/launch.h"

namespace nib {
std::vector<std::size_t> SweepRank::own(const std::vector<std::size_t>& runs) const {
  std::vector<std::size_t> mine;
  for (const std::size_t run : runs)
    if (owns(run)) mine.push_back(run);
  return mine;
}

std::optional<SweepRank> launched_rank() {
  const Launch launch = find_launch(environment_value);
  if (launch.size < 2) return std::nullopt;
  if (launch.rank >= launch.size)
    throw input_error({.file = launch.variable,
                       .problem = "is not above the rank",
                       .expected = fmt::format("above {}", launch.rank),
                       .got = std::to_string(launch.size)});
  return SweepRank{.rank = launch.rank, .size = launch.size, .on_this_host = launched_on_this_host(environment_value)};
}

}  // namespace nib
