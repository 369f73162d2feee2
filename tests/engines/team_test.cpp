#include "engines/cpu/team.h"

#include <gtest/gtest.h>

#include <vector>

namespace nib::cpu {
namespace {

TEST(Team, DoesEveryTaskOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 5u, 6u, 23u}) {
    Team team(threads);
    for (const unsigned tasks : {0u, 1u, 4u, 40u}) {
      std::vector<unsigned> done(tasks, 0);
      for (int run = 0; run < 3; ++run) team.run(tasks, [&](unsigned task, unsigned) { ++done[task]; });
      EXPECT_EQ(done, std::vector<unsigned>(tasks, 3)) << threads << " threads, " << tasks << " tasks";
    }
  }
}

TEST(Team, BeginsEachThreadWithTheTaskOfItsNumberAndTakesNoMoreThreadsThanTasks) {
  Team team(7);
  for (const unsigned tasks : {1u, 3u, 7u, 20u}) {
    std::vector<unsigned> thread_of(tasks, 99);
    team.run(tasks, [&](unsigned task, unsigned thread) { thread_of[task] = thread; });
    for (unsigned task = 0; task < tasks; ++task) {
      EXPECT_LT(thread_of[task], team.size());
      if (task < team.size()) {
        EXPECT_EQ(thread_of[task], task) << tasks << " tasks";
      }
    }
  }
}

}  // namespace
}  // namespace nib::cpu
