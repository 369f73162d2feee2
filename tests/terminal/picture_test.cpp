#include "terminal/picture.h"

#include <gmock/gmock.h>

namespace nib {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pointwise;

Dataset one_image(std::uint32_t rows, std::uint32_t columns, std::vector<std::uint8_t> pixels) {
  return {rows, columns, {}, std::move(pixels), {}};
}

constexpr Terminal ascii{}, utf8{.utf8 = true}, full{.interactive = true, .colour = true, .utf8 = true};

TEST(PictureOf, KeepsAnImageThatFits) {
  const Picture picture = picture_of(one_image(2, 3, {0, 51, 102, 153, 204, 255}), 0, 3);
  EXPECT_EQ(picture.rows, 2U);
  EXPECT_EQ(picture.columns, 3U);
  EXPECT_THAT(picture.values, Pointwise(FloatNear(1e-6F), {0.0F, 0.2F, 0.4F, 0.6F, 0.8F, 1.0F}));
}

TEST(PictureOf, TakesTheImageAtItsIndex) {
  EXPECT_THAT(picture_of(one_image(1, 1, {0, 255, 0}), 1, 9).values, ElementsAre(1.0F));
}

TEST(PictureOf, AveragesTheAreaThatANewPixelCovers) {
  const Picture half = picture_of(one_image(2, 4, {255, 0, 0, 0, 255, 0, 0, 255}), 0, 2);
  EXPECT_EQ(half.rows, 1U);
  EXPECT_THAT(half.values, Pointwise(FloatNear(1e-6F), {0.5F, 0.25F}));
  // Three columns become two: each new one covers one and a half.
  const Picture uneven = picture_of(one_image(1, 3, {255, 0, 255}), 0, 2);
  EXPECT_EQ(uneven.columns, 2U);
  EXPECT_THAT(uneven.values, Pointwise(FloatNear(1e-6F), {2 / 3.0F, 2 / 3.0F}));
}

TEST(PictureLines, GrowInWeightWithoutUtf8) {
  EXPECT_THAT(picture_lines(picture_of(one_image(2, 4, {0, 255, 128, 255, 0, 255, 128, 0}), 0, 4), ascii),
              ElementsAre(" @++"));
}

TEST(PictureLines, UseTheNearestBlockWithoutColour) {
  EXPECT_THAT(
      picture_lines(picture_of(one_image(2, 6, {0, 255, 255, 0, 128, 250, 0, 255, 0, 255, 128, 20}), 0, 6), utf8),
      ElementsAre(" █▀▄▒▀"));
}

TEST(PictureLines, PutTwoGreysInACharacterWithColour) {
  EXPECT_THAT(picture_lines(picture_of(one_image(2, 3, {0, 0, 255, 255, 255, 128}), 0, 3), full),
              ElementsAre("\x1b[38;5;16m\x1b[48;5;231m▀▀\x1b[38;5;231m\x1b[48;5;244m▀\x1b[0m"));
}

TEST(PictureLines, HaveBackgroundBelowAnOddLastRow) {
  EXPECT_THAT(picture_lines(picture_of(one_image(3, 1, {255, 255, 255}), 0, 1), utf8), ElementsAre("█", "▀"));
}

}  // namespace
}  // namespace nib
