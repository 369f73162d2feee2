#include "statistics/predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace nib {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Predictions, TakeTheFirstOfSeveralHighestProbabilities) {
  const Predictions predictions = make_predictions({2, 1, 0}, {.25F, .5F, .25F, .5F, 0, .5F, 0, 0, 0}, 3);
  EXPECT_THAT(predictions.predicted, ElementsAre(1, 0, 0));
  EXPECT_THAT(predictions.of_image(1), ElementsAre(.5F, 0, .5F));
  EXPECT_EQ(predictions.confidence(0), .5F);
  EXPECT_EQ(predictions.size(), 3U);
}

TEST(Predictions, MayBeOfImagesWithoutLabels) {
  const Predictions predictions = make_predictions({}, {.25F, .75F, 1, 0}, 2);
  EXPECT_THAT(predictions.predicted, ElementsAre(1, 0));
  EXPECT_THAT(predictions.labels, IsEmpty());
}

TEST(Predictions, AreRefusedWhereLabelsAndProbabilitiesDoNotBelongTogether) {
  EXPECT_THROW(make_predictions({0}, {1, 0, 0, 1}, 2), std::invalid_argument);
  EXPECT_THROW(make_predictions({0, 1}, {1, 0, 0}, 2), std::invalid_argument);
  EXPECT_THROW(make_predictions({0}, {1}, 0), std::invalid_argument);
}

TEST(ConfusionMatrix, CountsTrueClassesInRowsAndPredictedOnesInColumns) {
  const Predictions predictions{.classes = 3, .labels = {0, 2, 2, 2, 1}, .predicted = {0, 1, 1, 2, 0}};
  EXPECT_THAT(confusion_matrix(predictions), ElementsAre(1, 0, 0, 1, 0, 0, 0, 2, 1));
}

TEST(ConfusionMatrix, OfNothingIsAllZeros) {
  EXPECT_THAT(confusion_matrix(make_predictions({}, {}, 2)), ElementsAre(0, 0, 0, 0));
}

}  // namespace
}  // namespace nib
