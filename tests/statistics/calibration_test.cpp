#include "statistics/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nib {
namespace {

using ::testing::ElementsAre;

struct Case {
  float confidence;
  bool right;
};

/// Predictions of ten classes, always of class 1.
Predictions predictions_of(const std::vector<Case>& cases) {
  Predictions predictions{.classes = 10};
  for (const auto& [confidence, right] : cases) {
    predictions.labels.push_back(right ? 1 : 0);
    predictions.predicted.push_back(1);
    predictions.probabilities.insert(predictions.probabilities.end(), 10, 0);
    *(predictions.probabilities.end() - 9) = confidence;
  }
  return predictions;
}

std::vector<std::uint64_t> images_of(const Calibration& calibration) {
  std::vector<std::uint64_t> counts;
  for (const CalibrationBin& bin : calibration.bins) counts.push_back(bin.images);
  return counts;
}

/// The expected errors and the counts are NumPy's, with the bins and the sum of Guo et al. written out.
TEST(Calibration, IsThatOfItsDefinition) {
  std::vector<Case> cases;
  for (int i = 0; i < 40; ++i)
    cases.push_back({static_cast<float>(0.3 + 0.7 * ((i * 37 % 101 + 0.5) / 101)), i % 4 != 0});
  const Calibration fifteen = calibration(predictions_of(cases));
  EXPECT_THAT(images_of(fifteen), ElementsAre(0, 0, 0, 0, 2, 4, 4, 4, 3, 4, 4, 3, 4, 4, 4));
  EXPECT_NEAR(fifteen.expected_error, 0.24232673346996308, 1e-12);
  EXPECT_NEAR(calibration(predictions_of(cases), 10).expected_error, 0.24074257314205172, 1e-12);
  EXPECT_NEAR(calibration(predictions_of(cases), 1).expected_error, 0.10103960335254669, 1e-12);
}

TEST(Calibration, PutsAConfidenceOnAnEdgeIntoTheLowerBin) {
  const Calibration four =
      calibration(predictions_of({{.25F, true}, {.5F, true}, {.75F, true}, {1, true}, {0, true}, {.50001F, true}}), 4);
  EXPECT_THAT(images_of(four), ElementsAre(2, 1, 2, 1));
  EXPECT_EQ(four.bins[1].low, .25);
  EXPECT_EQ(four.bins[1].high, .5);
  EXPECT_EQ(four.bins[3].high, 1);
}

TEST(Calibration, KeepsAProbabilityRoundedAboveOneInTheLastBin) {
  EXPECT_THAT(images_of(calibration(predictions_of({{1.0000001F, true}}), 3)), ElementsAre(0, 0, 1));
}

TEST(Calibration, MeansAreThoseOfTheBin) {
  const Calibration one = calibration(predictions_of({{.75F, true}, {1, false}}), 1);
  EXPECT_EQ(one.bins[0].confidence(), .875);
  EXPECT_EQ(one.bins[0].accuracy(), .5);
  EXPECT_EQ(one.expected_error, .375);
}

TEST(Calibration, OfCertainAnswersIsPerfectWhereAllAreRightAndWorstWhereAllAreWrong) {
  EXPECT_EQ(calibration(predictions_of({{1, true}, {1, true}})).expected_error, 0);
  EXPECT_EQ(calibration(predictions_of({{1, false}, {1, false}})).expected_error, 1);
}

TEST(Calibration, OfNothingIsZero) {
  const Calibration none = calibration(Predictions{.classes = 10});
  EXPECT_EQ(none.expected_error, 0);
  EXPECT_EQ(none.bins.size(), 15U);
  EXPECT_EQ(none.bins[0].confidence(), 0);
  EXPECT_EQ(none.bins[0].accuracy(), 0);
}

}  // namespace
}  // namespace nib
