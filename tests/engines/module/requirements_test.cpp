#include "engines/module/requirements.h"

#include <gmock/gmock.h>

namespace nib::cuda {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RunsOn, MachineCodeStaysWithinItsMajorNumber) {
  const std::vector<std::string> built{"80-real", "86-real"};
  EXPECT_FALSE(runs_on(built, 75));
  EXPECT_TRUE(runs_on(built, 80));
  EXPECT_TRUE(runs_on(built, 87));
  EXPECT_FALSE(runs_on(built, 90));
  EXPECT_FALSE(runs_on(std::vector<std::string>{"86-real"}, 80));
}

TEST(RunsOn, PtxServesAllThatIsNewer) {
  const std::vector<std::string> built{"90-virtual"};
  EXPECT_FALSE(runs_on(built, 89));
  EXPECT_TRUE(runs_on(built, 90));
  EXPECT_TRUE(runs_on(built, 121));
}

TEST(Requirements, AreWhatThisBuildWasMadeFor) {
  const Requirements& needed = requirements();
  EXPECT_GE(needed.cuda_version, 13000U);
  EXPECT_EQ(needed.cublas_major, needed.cuda_version / 1000);
  EXPECT_GE(needed.cudnn_major, 9U);
  EXPECT_THAT(needed.architectures, testing::Not(IsEmpty()));
  EXPECT_THAT(needed.build_id, testing::MatchesRegex("[0-9.]+-[0-9a-f]{16}"));
}

TEST(Requirements, NameVersionsAsUsersKnowThem) {
  EXPECT_EQ(needed_driver(13000), "driver 580.65.06 or later, for CUDA 13");
  EXPECT_EQ(needed_driver(13020), "driver 580.65.06 or later, for CUDA 13");
  EXPECT_EQ(needed_driver(14010), "a driver for CUDA 14");
  EXPECT_EQ(cuda_version_text(12080), "CUDA 12.8");
  EXPECT_EQ(capability_text(121), "12.1");
}

TEST(Split, LeavesOutWhatIsEmpty) {
  EXPECT_THAT(split(":/a::/b:", ':'), ElementsAre("/a", "/b"));
  EXPECT_THAT(split("one", ';'), ElementsAre("one"));
  EXPECT_THAT(split("", ':'), IsEmpty());
}

}  // namespace
}  // namespace nib::cuda
