#include "statistics/intervals.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

void expect_interval(const Interval& interval, double low, double high, double tolerance) {
  EXPECT_NEAR(interval.low, low, tolerance);
  EXPECT_NEAR(interval.high, high, tolerance);
}

/// Newcombe 1998, "Two-sided confidence intervals for the single proportion: comparison of seven methods", table I.
TEST(WilsonInterval, IsThePublishedOne) {
  expect_interval(wilson_interval(81, 263), 0.2553, 0.3662, 5e-5);
  expect_interval(wilson_interval(15, 148), 0.0624, 0.1605, 5e-5);
  expect_interval(wilson_interval(0, 20), 0, 0.1611, 5e-5);
  expect_interval(wilson_interval(1, 29), 0.0061, 0.1718, 5e-5);
}

/// statsmodels 0.15: proportion_confint(successes, trials, method="wilson").
TEST(WilsonInterval, IsThatOfStatsmodels) {
  expect_interval(wilson_interval(1, 10), 0.017876213095072924, 0.40415002679523854, 1e-15);
  expect_interval(wilson_interval(9912, 10000), 0.9891715358948607, 0.9928512241057865, 1e-15);
  expect_interval(wilson_interval(500'000'000, 1'000'000'000), 0.4999690102484443, 0.5000309897515557, 1e-15);
}

TEST(WilsonInterval, EndsExactlyAtZeroAndOne) {
  EXPECT_EQ(wilson_interval(0, 10).low, 0);
  EXPECT_NEAR(wilson_interval(0, 10).high, 0.27753279986288926, 1e-15);
  EXPECT_NEAR(wilson_interval(10, 10).low, 0.7224672001371106, 1e-15);
  EXPECT_EQ(wilson_interval(10, 10).high, 1);
}

TEST(WilsonInterval, IsAllThatIsPossibleWithoutTrials) {
  EXPECT_EQ(wilson_interval(0, 0).low, 0);
  EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

TEST(WilsonInterval, GrowsWithItsConfidence) {
  EXPECT_LT(wilson_interval(5, 10, 2.575829303548901).low, wilson_interval(5, 10).low);
  EXPECT_GT(wilson_interval(5, 10, 2.575829303548901).high, wilson_interval(5, 10).high);
}

}  // namespace
}  // namespace nib
