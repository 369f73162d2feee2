// From the light of a picture to the strength of its ink: polarity, background, levels, ruled lines.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "images/preparation/background.h"
#include "images/preparation/levels.h"
#include "images/preparation/polarity.h"
#include "images/preparation/ruled_lines.h"
#include "images/preparation/sketch.h"

namespace nib {
namespace {

using testing::Each;
using testing::FloatNear;

Field light_of(const GreyImage& picture) { return reduced_light(picture, 1); }

/// A thick ring in the middle of a picture that it nearly fills.
GreyImage thick_ring(std::uint8_t paper, std::uint8_t ink) {
  GreyImage picture = blank(60, 50, paper);
  fill(picture, {4, 4, 52, 42}, ink);
  fill(picture, {20, 18, 20, 14}, paper);
  return picture;
}

TEST(FindPolarity, TellsAThickRingByItsBackground) {
  EXPECT_EQ(find_polarity(light_of(thick_ring(220, 60))), Polarity::dark_on_light);
  EXPECT_EQ(find_polarity(light_of(thick_ring(40, 210))), Polarity::light_on_dark);
}

TEST(FindPolarity, SeesASmallStrokeInTheCornerOfALargeCanvas) {
  GreyImage dark = blank(600, 800, 200), light = blank(600, 800, 90);
  fill(dark, {20, 750, 60, 8}, 120);
  fill(light, {20, 750, 60, 8}, 170);
  add_noise(dark, 6);
  add_noise(light, 6);
  EXPECT_EQ(find_polarity(light_of(dark)), Polarity::dark_on_light);
  EXPECT_EQ(find_polarity(light_of(light)), Polarity::light_on_dark);
}

TEST(FindPolarity, IsNotMisledByUnevenLight) {
  GreyImage picture = blank(200, 300, 240);
  fill(picture, {60, 40, 80, 14}, 70);
  darken_to_the_right(picture, 0.25);  // the paper at the right is darker than the ink at the left
  EXPECT_EQ(find_polarity(light_of(picture)), Polarity::dark_on_light);
}

TEST(FindPolarity, TakesAStrokeThatTouchesTheBorder) {
  GreyImage picture = blank(100, 100, 30);
  fill(picture, {0, 40, 100, 20}, 200);
  EXPECT_EQ(find_polarity(light_of(picture)), Polarity::light_on_dark);
}

TEST(InkStrength, IsTheSameEverywhereUnderUnevenLight) {
  GreyImage picture = blank(240, 320, 240);
  for (const std::size_t column : {30U, 150U, 280U}) fill(picture, {60, column, 120, 16}, 72);
  darken_to_the_right(picture, 0.4);
  const Field ink = ink_strength(light_of(picture));
  for (const std::size_t column : {38U, 158U, 288U}) EXPECT_NEAR(ink.at(120, column), 0.7F, 0.04F) << column;
  for (const std::size_t column : {4U, 90U, 220U, 315U}) EXPECT_NEAR(ink.at(120, column), 0, 0.04F) << column;
}

TEST(InkStrength, OfOneGreyIsNone) {
  for (const int grey : {0, 128, 255})
    EXPECT_THAT(ink_strength(light_of(blank(40, 30, static_cast<std::uint8_t>(grey)))).values,
                Each(FloatNear(0, 1e-3F)));
}

Field stroke_of(float strength) {
  Field ink = field_of(100, 100);
  fill(ink, {20, 40, 60, 12}, strength);
  return ink;
}

TEST(InkLevels, AreThoseOfTheStroke) {
  const std::optional<InkLevels> levels = ink_levels(stroke_of(0.7F));
  ASSERT_TRUE(levels);
  EXPECT_NEAR(levels->core, 0.7F, 0.01F);
  EXPECT_NEAR(levels->threshold, 0.46F * 0.7F, 0.01F);
  EXPECT_LT(levels->noise, 0.01F);
}

TEST(InkLevels, LookAtTheStrokeRatherThanAtFainterThings) {
  Field ink = stroke_of(0.7F);
  for (const std::size_t row : {5U, 15U, 85U, 95U}) fill(ink, {row, 0, 3, 100}, 0.2F);
  const std::optional<InkLevels> levels = ink_levels(ink);
  ASSERT_TRUE(levels);
  EXPECT_NEAR(levels->core, 0.7F, 0.02F);
  EXPECT_GT(levels->threshold, 0.25F);
}

TEST(InkLevels, AreNoneWhereNothingStandsOut) {
  EXPECT_FALSE(ink_levels(field_of(50, 50)));
  EXPECT_FALSE(ink_levels(stroke_of(0.05F)));
  GreyImage noisy = blank(80, 80, 128);
  add_noise(noisy, 20);
  EXPECT_FALSE(ink_levels(ink_strength(light_of(noisy))));
}

class RuledLines : public testing::Test {
 protected:
  RuledLines() { fill(ink, {20, 70, 60, 12}, 0.8F); }
  /// A line `thickness` thick that falls by `drift` rows over the whole width.
  void rule(std::size_t first, std::size_t drift, std::size_t thickness) {
    for (std::size_t column = 0; column < ink.columns; ++column) {
      const std::size_t row = first + drift * column / ink.columns;
      for (std::size_t y = row; y < row + thickness; ++y) ink.at(y, column) = std::max(ink.at(y, column), 0.5F);
    }
  }
  Field ink = field_of(100, 150);
  const Field stroke = [] {
    Field field = field_of(100, 150);
    fill(field, {20, 70, 60, 12}, 0.8F);
    return field;
  }();
};

TEST_F(RuledLines, AreTakenOutAndTheStrokeStays) {
  rule(5, 0, 2);
  rule(30, 0, 2);
  rule(50, 5, 3);
  EXPECT_EQ(remove_ruled_lines(ink, 0.1F), 3U);
  EXPECT_EQ(ink.values, stroke.values);
}

TEST_F(RuledLines, OfSquaredPaperAreTakenOutInBothDirections) {
  rule(10, 0, 2);
  rule(90, 2, 2);
  fill(ink, {0, 20, 100, 2}, 0.5F);
  fill(ink, {0, 120, 100, 2}, 0.5F);
  EXPECT_EQ(remove_ruled_lines(ink, 0.1F), 4U);
  EXPECT_EQ(ink.values, stroke.values);
}

TEST_F(RuledLines, AreNotSeenInStrokes) {
  fill(ink, {20, 10, 4, 120}, 0.8F);  // a long thin bar that ends before the border
  const Field before = ink;
  EXPECT_EQ(remove_ruled_lines(ink, 0.1F), 0U);
  EXPECT_EQ(ink.values, before.values);
  fill(ink, {40, 0, 20, 150}, 0.8F);  // from side to side, but thick
  EXPECT_EQ(remove_ruled_lines(ink, 0.1F), 0U);
}

}  // namespace
}  // namespace nib
