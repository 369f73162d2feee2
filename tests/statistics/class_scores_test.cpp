#include "statistics/class_scores.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

/// scikit-learn 1.9: precision_recall_fscore_support of the labels and predictions that this matrix counts, with
/// zero_division=0; the intervals are statsmodels' proportion_confint(method="wilson").
TEST(ClassScores, AreThoseOfScikitLearn) {
  const std::vector<std::uint64_t> confusion = {5, 1, 0, 2, 7, 0, 1, 0, 0};
  const std::vector<ClassScore> scores = class_scores(confusion, 3);
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_DOUBLE_EQ(scores[0].precision(), 0.625);
  EXPECT_DOUBLE_EQ(scores[0].recall(), 0.8333333333333334);
  EXPECT_DOUBLE_EQ(scores[0].f1(), 0.7142857142857143);
  EXPECT_DOUBLE_EQ(scores[1].precision(), 0.875);
  EXPECT_DOUBLE_EQ(scores[1].recall(), 0.7777777777777778);
  EXPECT_DOUBLE_EQ(scores[1].f1(), 0.8235294117647058);
  EXPECT_EQ(scores[0].support, 6U);
  EXPECT_EQ(scores[1].support, 9U);
  EXPECT_NEAR(scores[0].precision_interval().low, 0.3057423946026273, 1e-14);
  EXPECT_NEAR(scores[0].precision_interval().high, 0.8631557141764027, 1e-14);
  EXPECT_NEAR(scores[1].recall_interval().low, 0.45258896910698887, 1e-14);
  EXPECT_NEAR(scores[1].recall_interval().high, 0.9367748928821533, 1e-14);
}

TEST(ClassScores, AreZeroWhereThereIsNothingToDivideBy) {
  const std::vector<ClassScore> scores = class_scores(std::vector<std::uint64_t>{3, 0, 1, 0}, 2);
  EXPECT_EQ(scores[1].support, 1U);
  EXPECT_EQ(scores[1].precision(), 0);
  EXPECT_EQ(scores[1].recall(), 0);
  EXPECT_EQ(scores[1].f1(), 0);
  EXPECT_EQ(scores[1].precision_interval().high, 1);
  EXPECT_EQ(ClassScore{}.f1(), 0);
}

TEST(ClassScores, AreOneWhereAllIsRight) {
  for (const ClassScore& score : class_scores(std::vector<std::uint64_t>{3, 0, 0, 4}, 2)) {
    EXPECT_EQ(score.precision(), 1);
    EXPECT_EQ(score.recall(), 1);
    EXPECT_EQ(score.f1(), 1);
  }
}

}  // namespace
}  // namespace nib
