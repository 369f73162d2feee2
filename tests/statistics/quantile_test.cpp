#include "statistics/quantile.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(Quantile, LiesBetweenTheTwoNearest) {
  EXPECT_EQ(quantile({7}, 0.5), 7);
  EXPECT_EQ(quantile({3, 1, 2}, 0.5), 2);
  EXPECT_EQ(quantile({4, 1, 2, 3}, 0.5), 2.5);
  EXPECT_EQ(quantile({0, 10}, 0.05), 0.5);
  EXPECT_EQ(quantile({1, 2, 3}, 1), 3);
}

}  // namespace
}  // namespace nib
