#include "terminal/classification.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "golden_text.h"

namespace nib {
namespace {

const std::vector<std::string> digit_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

/// Of the trained Keras model on the MNIST test images: "confusion" of tests/golden/keras/expected.json.
const std::vector<std::uint64_t> digits_confusion = {
    977, 1,    0,    0,    0,   0,   0,   1,    1,   0,    //
    0,   1135, 0,    0,    0,   0,   0,   0,    0,   0,    //
    5,   5,    1007, 2,    3,   0,   0,   6,    4,   0,    //
    0,   0,    0,    1003, 0,   3,   0,   0,    4,   0,    //
    0,   3,    0,    0,    973, 0,   1,   0,    0,   5,    //
    2,   0,    0,    7,    0,   881, 1,   1,    0,   0,    //
    6,   2,    0,    0,    2,   9,   938, 0,    1,   0,    //
    0,   7,    2,    1,    0,   1,   0,   1013, 1,   3,    //
    6,   2,    0,    0,    0,   0,   0,   2,    961, 3,    //
    2,   4,    0,    0,    7,   5,   0,   0,    1,   990,  //
};

TEST(ClassificationReport, IsThatOfScikitLearnForTheDigits) {
  EXPECT_EQ(classification_report(digits_confusion, digit_names), golden_text("classification_digits_2.txt"));
  EXPECT_EQ(classification_report(digits_confusion, digit_names, 4), golden_text("classification_digits_4.txt"));
}

TEST(ClassificationReport, GivesZeroForClassesWithoutImagesOrPredictions) {
  const std::vector<std::uint64_t> confusion = {3, 0, 1, 2, 0, 2, 0, 0, 0};
  EXPECT_EQ(classification_report(confusion, {"cat", "a very long class name", "dog"}),
            golden_text("classification_gaps.txt"));
}

TEST(ClassificationReport, RoundsAsScikitLearnDoes) {
  const std::vector<std::uint64_t> confusion = {1, 2, 0, 1, 1, 1, 0, 1, 2};
  EXPECT_EQ(classification_report(confusion, {"0", "1", "2"}, 3), golden_text("classification_odd.txt"));
}

TEST(ClassificationReport, AddsManyClassesInNumPysOrder) {
  std::vector<std::uint64_t> confusion;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 137; ++i) {
    names.push_back(std::to_string(i));
    for (std::size_t j = 0; j < 137; ++j) confusion.push_back(i == j ? 40 + i % 9 : (i * 7 + j * 5) % 11);
  }
  EXPECT_EQ(classification_report(confusion, names, 6), golden_text("classification_many.txt"));
}

TEST(ClassificationReport, PrintsSupportsAsScikitLearnDoesWhereNoPredictionIsRight) {
  const std::vector<std::uint64_t> confusion = {0, 733, 0, 0, 0, 0, 1234567, 0, 0};
  EXPECT_EQ(classification_report(confusion, {"cat", "a very long class name", "dog"}, 4),
            golden_text("classification_wrong.txt"));
}

TEST(ClassificationReport, OfNothingIsAllZeros) {
  EXPECT_EQ(classification_report(std::vector<std::uint64_t>(4, 0), {"a", "b"}, 1),
            "              precision    recall  f1-score   support\n\n"
            "           a        0.0       0.0       0.0         0\n"
            "           b        0.0       0.0       0.0         0\n\n"
            "    accuracy                            0.0         0\n"
            "   macro avg        0.0       0.0       0.0         0\n"
            "weighted avg        0.0       0.0       0.0         0\n");
}

TEST(ClassificationReport, KeepsHostileClassNamesOnTheirLine) {
  const std::string report = classification_report(std::vector<std::uint64_t>(4, 1), {"a\nb", "c"});
  EXPECT_NE(report.find("a\\x0ab "), std::string::npos);
}

}  // namespace
}  // namespace nib
