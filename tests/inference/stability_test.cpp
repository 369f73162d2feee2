#include "inference/stability.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace nib {
namespace {

using testing::HasSubstr;

constexpr Shape usual{.height = 28, .width = 28, .channels = 1};

TEST(MovedImages, AreMovedByAPixelAndLoseWhatLeaves) {
  std::vector<std::uint8_t> pixels(28 * 28);
  pixels[5 * 28 + 7] = 200;
  pixels[27] = 100;  // the upper right corner
  const auto moved = *moved_images(pixels, usual);
  const auto& [up, down, left, right] = moved;
  EXPECT_EQ(up[4 * 28 + 7], 200);
  EXPECT_EQ(down[6 * 28 + 7], 200);
  EXPECT_EQ(left[5 * 28 + 6], 200);
  EXPECT_EQ(right[5 * 28 + 8], 200);
  EXPECT_EQ(down[28 + 27], 100);
  EXPECT_EQ(left[26], 100);
  for (const auto& each : {up, right}) EXPECT_EQ(std::ranges::count(each, 100), 0);
  for (const auto& each : {up, down, left, right}) EXPECT_EQ(std::ranges::count(each, 200), 1);
}

TEST(MovedImages, GoFurtherInLargerImagesAndAreNotMadeOfTinyOnes) {
  std::vector<std::uint8_t> pixels(56 * 60);
  pixels[30 * 60 + 30] = 255;
  const Shape large{.height = 56, .width = 60, .channels = 1}, tiny{.height = 19, .width = 28, .channels = 1};
  EXPECT_EQ((*moved_images(pixels, large))[0][28 * 60 + 30], 255);
  EXPECT_FALSE(moved_images(std::vector<std::uint8_t>(19 * 28), tiny));
}

TEST(StabilityOf, IsTheMeanOfTheOwnClass) {
  const std::vector<float> own = {0.1F, 0.9F, 0};
  std::array<std::vector<float>, moves> moved;
  moved.fill({0.2F, 0.8F, 0});
  const Stability same = stability_of(own, moved);
  EXPECT_NEAR(same.probability, 0.82, 1e-6);
  EXPECT_EQ(same.own, 1U);
  EXPECT_EQ(same.other, 0U);
  EXPECT_TRUE(same.agreed);
  EXPECT_TRUE(same.stable(least_stable));
  moved[2] = moved[3] = {0.1F, 0, 0.9F};
  const Stability other = stability_of(own, moved);
  EXPECT_NEAR(other.probability, 0.5, 1e-6);
  EXPECT_EQ(other.other, 2U);
  EXPECT_FALSE(other.agreed);
  EXPECT_FALSE(other.stable(least_stable));
  EXPECT_EQ(unstable_warning(other, usual, {"0", "1", "9"}),
            "the answer is not stable: the network sees 1 or 9 where the digit is moved by a pixel, 50 % for 1 in the "
            "mean");
}

TEST(StabilityOf, FallsWithoutAnotherAnswer) {
  std::array<std::vector<float>, moves> moved;
  moved.fill({0.45F, 0.55F});
  const Stability unsure = stability_of(std::vector<float>{0.4F, 0.6F}, moved);
  EXPECT_TRUE(unsure.agreed);
  EXPECT_FALSE(unsure.stable(least_stable));
  EXPECT_THAT(unstable_warning(unsure, usual, {"0", "1"}),
              HasSubstr("less sure where the digit is moved by a pixel, 56 % for 1"));
  EXPECT_THAT(unstable_warning(unsure, {.height = 84, .width = 90, .channels = 1}, {"0", "1"}),
              HasSubstr("is moved by 3 pixels, 56 % for 1"));
}

}  // namespace
}  // namespace nib
