#include "statistics/mcnemar.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nib {
namespace {

struct Counts {
  std::size_t both_right = 0, only_first_right = 0, only_second_right = 0, both_wrong = 0;
};

/// The test of two classifiers of two classes with these counts; the true class is always 0.
McNemar test_of(const Counts& counts) {
  Predictions first{.classes = 2}, second{.classes = 2};
  const auto add = [](Predictions& predictions, std::size_t images, std::uint8_t predicted) {
    predictions.labels.insert(predictions.labels.end(), images, 0);
    predictions.predicted.insert(predictions.predicted.end(), images, predicted);
  };
  add(first, counts.both_right + counts.only_first_right, 0);
  add(first, counts.only_second_right + counts.both_wrong, 1);
  add(second, counts.both_right, 0);
  add(second, counts.only_first_right, 1);
  add(second, counts.only_second_right, 0);
  add(second, counts.both_wrong, 1);
  return mcnemar(first, second);
}

double p_value(std::size_t only_first_right, std::size_t only_second_right) {
  return test_of({.only_first_right = only_first_right, .only_second_right = only_second_right}).p_value;
}

TEST(McNemar, CountsWhoIsRight) {
  const McNemar result = test_of({.both_right = 4, .only_first_right = 3, .only_second_right = 2, .both_wrong = 1});
  EXPECT_EQ(result.both_right, 4U);
  EXPECT_EQ(result.only_first_right, 3U);
  EXPECT_EQ(result.only_second_right, 2U);
  EXPECT_EQ(result.both_wrong, 1U);
}

/// SciPy 1.17: binomtest(min(b, c), b + c, 0.5).pvalue; statsmodels' mcnemar(exact=True) gives the same.
TEST(McNemar, HasTheExactPValue) {
  EXPECT_NEAR(p_value(0, 6), 0.03125, 1e-15);
  EXPECT_NEAR(p_value(1, 6), 0.125, 1e-14);
  EXPECT_NEAR(p_value(20, 7), 0.0191572904586792, 1e-14);
  EXPECT_NEAR(p_value(86, 150), 3.7159361395713866e-05, 1e-16);  // Agresti 1990, p. 350: the approval ratings
  EXPECT_NEAR(p_value(59, 6), 4.964650327128616e-12, 1e-23);
  EXPECT_NEAR(p_value(4000, 4300), 0.001029736761268162, 1e-13);
}

TEST(McNemar, StaysExactForLargeCounts) {
  EXPECT_NEAR(p_value(600'000, 602'000), 0.06825637862813097, 1e-10);
  EXPECT_NEAR(p_value(0, 1000) / 1.8665272370064378e-301, 1, 1e-10);
  EXPECT_EQ(p_value(400'000, 600'000), 0);
}

TEST(McNemar, FindsNothingWhereBothAreAlike) {
  EXPECT_EQ(p_value(0, 0), 1);
  EXPECT_EQ(p_value(5, 5), 1);
  EXPECT_EQ(p_value(0, 1), 1);
  EXPECT_NEAR(p_value(12, 13), 1, 1e-12);
  EXPECT_EQ(test_of({.both_right = 9, .both_wrong = 1}).p_value, 1);
}

TEST(McNemar, DoesNotAskWhoIsFirst) { EXPECT_EQ(p_value(7, 20), p_value(20, 7)); }

TEST(McNemar, RefusesPredictionsOfDifferentImages) {
  EXPECT_THROW(
      mcnemar({.classes = 2, .labels = {0}, .predicted = {0}}, {.classes = 2, .labels = {1}, .predicted = {0}}),
      std::invalid_argument);
}

}  // namespace
}  // namespace nib
