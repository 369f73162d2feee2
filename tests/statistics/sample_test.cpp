#include "statistics/sample.h"

#include <gtest/gtest.h>

#include <vector>

namespace nib {
namespace {

/// From the tables that every book on statistics has.
TEST(StudentQuantile, IsThatOfTheTables) {
  EXPECT_NEAR(student_quantile(0.95, 1), 12.7062, 5e-5);
  EXPECT_NEAR(student_quantile(0.95, 2), 4.3027, 5e-5);
  EXPECT_NEAR(student_quantile(0.95, 4), 2.7764, 5e-5);
  EXPECT_NEAR(student_quantile(0.95, 9), 2.2622, 5e-5);
  EXPECT_NEAR(student_quantile(0.95, 99), 1.9842, 5e-5);
  EXPECT_NEAR(student_quantile(0.99, 9), 3.2498, 5e-5);
}

/// By hand: mean 3, squares 4 + 1 + 0 + 1 + 4 = 10, deviation sqrt(10 / 4), half width 2.776445 sqrt(2.5 / 5).
TEST(Sample, HasMeanDeviationAndInterval) {
  const auto sample = describe_sample(std::vector<double>{5, 1, 3, 2, 4});
  ASSERT_TRUE(sample && sample->deviation && sample->interval);
  EXPECT_EQ(sample->count, 5U);
  EXPECT_DOUBLE_EQ(sample->mean, 3);
  EXPECT_DOUBLE_EQ(sample->lowest, 1);
  EXPECT_DOUBLE_EQ(sample->highest, 5);
  EXPECT_NEAR(*sample->deviation, 1.5811388, 1e-7);
  EXPECT_NEAR(sample->interval->low, 3 - 1.9632432, 1e-6);
  EXPECT_NEAR(sample->interval->high, 3 + 1.9632432, 1e-6);
}

TEST(Sample, OfOneNumberTellsNoSpread) {
  const auto sample = describe_sample(std::vector<double>{0.98});
  ASSERT_TRUE(sample);
  EXPECT_DOUBLE_EQ(sample->mean, 0.98);
  EXPECT_FALSE(sample->deviation);
  EXPECT_FALSE(sample->interval);
}

TEST(Sample, OfEqualNumbersHasAnIntervalOfNoWidth) {
  const auto sample = describe_sample(std::vector<double>{0.5, 0.5, 0.5});
  ASSERT_TRUE(sample && sample->interval);
  EXPECT_DOUBLE_EQ(sample->interval->low, 0.5);
  EXPECT_DOUBLE_EQ(sample->interval->high, 0.5);
}

TEST(Sample, OfNothingIsNothing) { EXPECT_FALSE(describe_sample({})); }

}  // namespace
}  // namespace nib
