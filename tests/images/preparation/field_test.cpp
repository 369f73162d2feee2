#include "images/preparation/field.h"

#include <gmock/gmock.h>

#include "images/preparation/resample.h"

namespace nib {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

TEST(ReducedLight, IsTheMeanOfBlocksWhichAreSmallerAtTheFarEdges) {
  const Field field = reduced_light({3, 3, {10, 20, 90, 30, 40, 70, 5, 15, 200}}, 2);
  EXPECT_EQ(field.rows, 2U);
  EXPECT_THAT(field.values, ElementsAre(25, 80, 10, 200));
}

TEST(BoxMean, EndsItsWindowsAtTheEdge) {
  EXPECT_THAT(box_mean({1, 4, {0, 3, 6, 9}}, 1).values, ElementsAre(1.5F, 3, 6, 7.5F));
  EXPECT_THAT(box_mean({4, 1, {0, 3, 6, 9}}, 1).values, ElementsAre(1.5F, 3, 6, 7.5F));
  EXPECT_THAT(box_mean({2, 2, {1, 2, 3, 6}}, 9).values, Each(FloatNear(3, 1e-6F)));
}

TEST(BoxExtremes, AreTakenOverRowsAndColumns) {
  const Field field{3, 4, {5, 1, 2, 3, 4, 9, 6, 7, 8, 0, 1, 2}};
  EXPECT_THAT(box_maximum(field, 1).values, ElementsAre(9, 9, 9, 7, 9, 9, 9, 7, 9, 9, 9, 7));
  EXPECT_THAT(box_minimum(field, 1).values, ElementsAre(1, 1, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1));
}

TEST(Enlarged, LiesBetweenThePixelsThatWereReduced) {
  EXPECT_THAT(enlarged({1, 2, {0, 4}}, 2, 1, 4).values, ElementsAre(0, 1, 3, 4));
}

TEST(Resampled, IsTheMeanOfTheAreaWhereItShrinks) {
  EXPECT_THAT(resampled({1, 3, {1, 0, 1}}, {0, 0, 1, 3}, 1, 2).values,
              Pointwise(FloatNear(1e-6F), {2 / 3.0F, 2 / 3.0F}));
  EXPECT_THAT(resampled({2, 2, {1, 2, 3, 6}}, {0, 0, 2, 2}, 1, 1).values, ElementsAre(3));
}

TEST(Resampled, IsLinearBetweenPixelsWhereItGrows) {
  EXPECT_THAT(resampled({1, 2, {2, 6}}, {0, 0, 1, 2}, 1, 4).values,
              Pointwise(FloatNear(1e-6F), {1.5F, 3.0F, 5.0F, 4.5F}));
}

TEST(Resampled, FindsNothingOutside) {
  EXPECT_THAT(resampled({1, 1, {8}}, {-2, -2, 6, 6}, 3, 3).values, ElementsAre(0, 0, 0, 0, 2, 0, 0, 0, 0));
  EXPECT_THAT(resampled({1, 1, {8}}, {4, 4, 2, 2}, 1, 1).values, ElementsAre(0));
}

}  // namespace
}  // namespace nib
