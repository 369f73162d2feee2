#include "engines/cpu/team.h"

#include <gtest/gtest.h>

#include <vector>

namespace nib::cpu {
namespace {

TEST(Team, DoesEveryTaskOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 5u}) {
    Team team(threads);
    std::vector<unsigned> done(40, 0);
    for (int run = 0; run < 3; ++run) team.run(40, [&](unsigned task, unsigned) { ++done[task]; });
    EXPECT_EQ(done, std::vector<unsigned>(40, 3)) << threads;
  }
}

}  // namespace
}  // namespace nib::cpu
