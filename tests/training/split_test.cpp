#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "nib/dataset.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// `count` images of 2 x 1 pixels, image n holding (n, n + 100), labelled n mod 3.
Dataset numbered_images(std::uint8_t count) {
  Dataset dataset{.rows = 2, .columns = 1, .class_names = {"zero", "one", "two"}, .pixels = {}, .labels = {}};
  for (std::uint8_t n = 0; n < count; ++n) {
    dataset.pixels.push_back(n);
    dataset.pixels.push_back(static_cast<std::uint8_t>(n + 100));
    dataset.labels.push_back(n % 3);
  }
  return dataset;
}

TEST(TrainingCount, IsTheFloorOfTheRoundedProduct) {
  EXPECT_EQ(training_count(60000, 0.1), 54000u);
  EXPECT_EQ(training_count(60000, 0.0), 60000u);
  EXPECT_EQ(training_count(10, 0.25), 7u);
  EXPECT_EQ(training_count(1, 0.5), 0u);
}

TEST(TrainingCount, LosesAnImageWhereKerasDoes) {
  for (const int percent : {7, 32, 33, 34, 54, 55, 56, 66, 67, 68, 77, 78, 79, 80, 81, 89, 90, 91, 92, 93}) {
    const auto exact = static_cast<std::size_t>(60000 - 600 * percent);
    EXPECT_EQ(training_count(60000, percent / 100.0), exact - 1) << percent << " %";
  }
  for (const int percent : {10, 20, 25, 50, 99}) {
    const auto exact = static_cast<std::size_t>(60000 - 600 * percent);
    EXPECT_EQ(training_count(60000, percent / 100.0), exact) << percent << " %";
  }
}

TEST(SplitValidation, HoldsOutTheLastImages) {
  const Split split = split_validation(numbered_images(10), 0.25);
  ASSERT_TRUE(split.validation);
  EXPECT_EQ(split.training->size(), 7u);
  EXPECT_THAT(split.validation->pixels, ElementsAre(7, 107, 8, 108, 9, 109));
  EXPECT_THAT(split.validation->labels, ElementsAre(1, 2, 0));
  EXPECT_THAT(split.validation->class_names, ElementsAre("zero", "one", "two"));
  EXPECT_EQ(split.validation->rows, 2u);
  EXPECT_EQ(split.validation->columns, 1u);
  EXPECT_EQ(split.training->pixels.back(), 106);
  EXPECT_EQ(split.training->labels.size(), 7u);
}

TEST(SplitValidation, HoldsOutNothingAtZero) {
  const Split split = split_validation(numbered_images(3), 0.0);
  EXPECT_EQ(split.training->size(), 3u);
  EXPECT_EQ(split.training->labels.size(), 3u);
  EXPECT_FALSE(split.validation);
}

TEST(SplitValidation, KeepsUnlabelledImagesUnlabelled) {
  Dataset dataset = numbered_images(4);
  dataset.labels.clear();
  const Split split = split_validation(std::move(dataset), 0.5);
  EXPECT_EQ(split.validation->size(), 2u);
  EXPECT_TRUE(split.validation->labels.empty());
}

void expect_usage_error(std::uint8_t images, double fraction, const std::string& message) {
  try {
    split_validation(numbered_images(images), fraction);
    ADD_FAILURE() << "no error for " << fraction << " of " << int{images};
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
}

TEST(SplitValidation, RefusesAnEmptyPart) {
  expect_usage_error(1, 0.5, "0.5 leaves no image for training");
  expect_usage_error(0, 0.0, "0 leaves no image for training");
  expect_usage_error(4, 1e-17, "leaves no image for validation");
}

TEST(SplitValidation, RefusesFractionsOutOfRange) {
  for (const double fraction : {-0.1, 1.0, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    expect_usage_error(4, fraction, "validation split: out of range");
  }
}

}  // namespace
}  // namespace nib
