#include "statistics/welch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace nib {
namespace {

using Numbers = std::vector<double>;

TEST(StudentT, HasItsClosedFormsForFewDegreesOfFreedom) {
  for (const double t : {0.0, 0.01, 0.5, 1.0, 3.0, 40.0, 1e4}) {
    EXPECT_NEAR(two_sided_t(t, 1), 1 - 2 / std::numbers::pi * std::atan(t), 1e-14) << t;
    EXPECT_NEAR(two_sided_t(t, 2), 1 - t / std::sqrt(2 + t * t), 1e-14) << t;
    EXPECT_EQ(two_sided_t(-t, 3), two_sided_t(t, 3)) << t;
  }
}

TEST(StudentT, BecomesTheNormalDistribution) {
  for (const double t : {0.5, 1.96, 4.0})
    EXPECT_NEAR(two_sided_t(t, 1e6), std::erfc(t / std::numbers::sqrt2), 2e-6) << t;
}

TEST(Welch, NeedsTwoNumbersOfEachAndSomeSpread) {
  EXPECT_FALSE(welch(Numbers{0.5}, Numbers{0.25, 0.75}));
  EXPECT_FALSE(welch(Numbers{0.25, 0.75}, Numbers{}));
  EXPECT_FALSE(welch(Numbers{0.5, 0.5}, Numbers{0.75, 0.75}));
  EXPECT_TRUE(welch(Numbers{0.5, 0.5}, Numbers{0.75, 0.5}));
}

TEST(Welch, IsThatOfSciPy) {
  // scipy.stats.ttest_ind(first, second, equal_var=False) of SciPy 1.17.1; its difference is first less second.
  const auto test = welch(Numbers{0.9894, 0.9901, 0.9885, 0.9897}, Numbers{0.9902, 0.9911, 0.9899});
  EXPECT_NEAR(test->t, 1.9672897619909033, 1e-9);
  EXPECT_NEAR(test->degrees_of_freedom, 4.674559376923099, 1e-9);
  EXPECT_NEAR(test->p_value, 0.11027712287889836, 1e-10);
  EXPECT_NEAR(welch(Numbers{0.900, 0.904}, Numbers{0.950, 0.953})->p_value, 0.003581438470963316, 1e-12);
}

TEST(Welch, FindsNothingBetweenAlikeGroups) {
  const auto test = welch(Numbers{0.25, 0.75}, Numbers{0.75, 0.25});
  EXPECT_EQ(test->difference, 0);
  EXPECT_EQ(test->p_value, 1);
  EXPECT_NEAR(test->degrees_of_freedom, 2, 1e-12);
}

TEST(Deviation, IsThatOfASample) {
  EXPECT_EQ(mean(Numbers{1, 2, 6}), 3);
  EXPECT_NEAR(standard_deviation(Numbers{1, 2, 6}), std::sqrt(7), 1e-15);
}

}  // namespace
}  // namespace nib
