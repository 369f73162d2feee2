#include "parity/device_comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "parity/gates.h"

namespace nib {
namespace {

TEST(PredictionDifference, OfTheSameIsNothing) {
  const Predictions one = make_predictions({0, 1}, {0.75F, 0.25F, 0.5F, 0.5F}, 2);
  const PredictionDifference difference = compare_predictions(one, one);
  EXPECT_EQ(difference.images, 2u);
  EXPECT_EQ(difference.probability, 0);
  EXPECT_EQ(difference.log_probability, 0);
  EXPECT_EQ(difference.changed, 0u);
  EXPECT_FALSE(difference.first_changed);
  EXPECT_TRUE(difference.within());
}

TEST(PredictionDifference, FindsTheLargestAndCountsChangedClasses) {
  const Predictions one = make_predictions({0, 1, 1}, {0.75F, 0.25F, 0.625F, 0.375F, 0.5F, 0.5F}, 2);
  const Predictions other = make_predictions({0, 1, 1}, {0.75F, 0.25F, 0.375F, 0.625F, 0.25F, 0.75F}, 2);
  const PredictionDifference difference = compare_predictions(one, other);
  EXPECT_EQ(difference.probability, 0.25);
  EXPECT_DOUBLE_EQ(difference.log_probability, std::log(2.0));
  EXPECT_EQ(difference.changed, 2u);
  EXPECT_EQ(difference.first_changed, 1u);
  EXPECT_FALSE(difference.within());
}

TEST(PredictionDifference, LeavesLogarithmsOfWhatFloatsCanHardlyHoldOut) {
  const Predictions one = make_predictions({}, {1.0F, 1e-40F}, 2), other = make_predictions({}, {1.0F, 1e-35F}, 2);
  EXPECT_EQ(compare_predictions(one, other).log_probability, 0);
}

TEST(PredictionDifference, HasAGateOfItsOwnForLogarithms) {
  const Predictions one = make_predictions({}, {1.0F, 1e-8F}, 2), other = make_predictions({}, {1.0F, 2e-8F}, 2);
  const PredictionDifference difference = compare_predictions(one, other);
  EXPECT_LT(difference.probability, probability_gate);
  EXPECT_FALSE(difference.within());
}

}  // namespace
}  // namespace nib
