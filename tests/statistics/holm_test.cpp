#include "statistics/holm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nib {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// statsmodels 0.15: multipletests(p_values, method="holm")[1].
TEST(HolmAdjusted, IsThatOfStatsmodels) {
  EXPECT_THAT(holm_adjusted(std::vector{.01, .04, .03, .005, .5, .02}),
              ElementsAre(DoubleEq(.05), DoubleEq(.09), DoubleEq(.09), DoubleEq(.03), DoubleEq(.5), DoubleEq(.08)));
  EXPECT_THAT(holm_adjusted(std::vector{.02, .02, .9}), ElementsAre(DoubleEq(.06), DoubleEq(.06), DoubleEq(.9)));
}

TEST(HolmAdjusted, LeavesOneTestAsItIs) { EXPECT_THAT(holm_adjusted(std::vector{.03}), ElementsAre(.03)); }

TEST(HolmAdjusted, StaysAtMostOne) { EXPECT_THAT(holm_adjusted(std::vector{.9, .8}), ElementsAre(1, 1)); }

TEST(HolmAdjusted, OfNothingIsNothing) { EXPECT_THAT(holm_adjusted({}), IsEmpty()); }

}  // namespace
}  // namespace nib
