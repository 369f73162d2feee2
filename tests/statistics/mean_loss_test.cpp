#include "statistics/mean_loss.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nib {
namespace {

TEST(MeanLoss, IsTheMeanLogarithmOfTheTrueClass) {
  const MeanLoss result = mean_loss(make_predictions({0, 1}, {0.25F, 0.75F, 0.5F, 0.5F}, 2));
  EXPECT_TRUE(result.exact);
  EXPECT_DOUBLE_EQ(result.loss, (std::log(4.0) + std::log(2.0)) / 2);
}

TEST(MeanLoss, CountsNothingForWhatFloatsCannotHold) {
  for (const float probability : {0.0F, 1e-40F}) {
    const MeanLoss result = mean_loss(make_predictions({0, 1}, {probability, 1, 0.5F, 0.5F}, 2));
    EXPECT_FALSE(result.exact);
    EXPECT_DOUBLE_EQ(result.loss, std::log(2.0) / 2);
  }
}

TEST(MeanLoss, SharesASmoothedLabelAmongAllClasses) {
  const MeanLoss result = mean_loss(make_predictions({0, 1}, {0.25F, 0.75F, 0.5F, 0.5F}, 2), 0.5);
  EXPECT_TRUE(result.exact);
  EXPECT_DOUBLE_EQ(result.loss, (0.75 * std::log(4.0) + 0.25 * std::log(4 / 3.0) + std::log(2.0)) / 2);
  EXPECT_FALSE(mean_loss(make_predictions({0}, {1.0F, 0.0F}, 2), 0.1).exact);
}

TEST(MeanLoss, OfNothingIsZero) { EXPECT_EQ(mean_loss(make_predictions({}, {}, 2)).loss, 0); }

}  // namespace
}  // namespace nib
