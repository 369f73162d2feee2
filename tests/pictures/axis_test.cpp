#include "pictures/axis.h"

#include <gmock/gmock.h>

namespace nib {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

TEST(Axis, MapsNumbersToPlaces) {
  const Axis axis{.low = 0.5, .high = 1, .begin = 200, .end = 100};
  EXPECT_DOUBLE_EQ(axis(0.5), 200);
  EXPECT_DOUBLE_EQ(axis(0.75), 150);
}

TEST(Ticks, AreRoundNumbersInTheRange) {
  EXPECT_THAT(ticks(0.93, 0.991, 5), Pointwise(DoubleNear(1e-12), std::vector{0.94, 0.96, 0.98}));
  EXPECT_THAT(ticks(0, 1, 5), Pointwise(DoubleNear(1e-12), std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1}));
  EXPECT_THAT(ticks(0, 2300, 5), ElementsAre(0, 500, 1000, 1500, 2000));
}

TEST(Ticks, HaveAsManyDecimalsAsTheirStepNeeds) {
  EXPECT_THAT(tick_labels({0.94, 0.96, 0.98}), ElementsAre("0.94", "0.96", "0.98"));
  EXPECT_THAT(tick_labels({0, 0.2, 0.4}), ElementsAre("0.0", "0.2", "0.4"));
  EXPECT_THAT(tick_labels({0, 500}), ElementsAre("0", "500"));
}

TEST(WholeTicks, AreWholeEpochsOfAnyRun) {
  EXPECT_THAT(whole_ticks(1, 1, 10), ElementsAre(1));
  EXPECT_THAT(whole_ticks(1, 5, 10), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(whole_ticks(1, 12, 10), ElementsAre(2, 4, 6, 8, 10, 12));
  EXPECT_THAT(whole_ticks(1, 100, 10), ElementsAre(20, 40, 60, 80, 100));
  for (std::uint32_t last = 1; last < 3000; ++last) {
    const std::size_t count = whole_ticks(1, last, 10).size();
    ASSERT_GE(count, 1u) << last;
    ASSERT_LE(count, 11u) << last;
  }
}

}  // namespace
}  // namespace nib
