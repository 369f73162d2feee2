// What a digit lies in: a sheet, an outline, the picture's own edge, a shadow.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "images/preparation/background.h"
#include "images/preparation/enclosure.h"
#include "images/preparation/flatten.h"
#include "images/preparation/polygon.h"
#include "images/preparation/prepare.h"
#include "images/preparation/shadow_edge.h"
#include "images/preparation/sheet.h"
#include "images/preparation/sketch.h"
#include "images/preparation/tight_crop.h"

namespace nib {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// A seven of straight strokes, 100 pixels high.
void write_seven(GreyImage& picture, std::size_t row, std::size_t column, std::uint8_t ink) {
  fill(picture, {row, column, 12, 60}, ink);
  fill(picture, {row, column + 48, 100, 12}, ink);
}

/// A sheet of 240 x 200 pixels on a table.
GreyImage sheet_on_table(std::uint8_t table, std::uint8_t sheet, std::uint8_t ink) {
  GreyImage picture = blank(400, 400, table);
  fill(picture, {60, 90, 240, 200}, sheet);
  write_seven(picture, 130, 150, ink);
  add_noise(picture, 4);
  return picture;
}

TEST(Polygon, OfASquareIsItsHullShrinksAndHasItsPixels) {
  const Polygon hull = convex_hull({{2, 2}, {2, 8}, {8, 8}, {8, 2}, {5, 5}, {3, 7}});
  EXPECT_THAT(hull, SizeIs(4));
  EXPECT_DOUBLE_EQ(area_of(hull), 36);
  EXPECT_DOUBLE_EQ(area_of(shrunk(hull, 1)), 16);
  for (const double half : {3.0, 4.0, 5.0, 6.5}) EXPECT_THAT(shrunk(hull, half), IsEmpty()) << half;
  EXPECT_EQ(std::ranges::count(inside_of(hull, 10, 12).set, 1), 36);
}

TEST(Polygon, LosesCornersThatHardlyStandOut) {
  const Polygon nearly = convex_hull({{0, 0}, {-0.3, 50}, {0, 100}, {100, 100}, {100, 0}});
  EXPECT_THAT(nearly, SizeIs(5));
  EXPECT_THAT(simplified(nearly, 1), SizeIs(4));
  EXPECT_THAT(simplified(nearly, 0.1), SizeIs(5));
}

TEST(SquareTo, TakesTheCornersToTheCorners) {
  const Quadrilateral corners = {Place{1, 2}, Place{3, 20}, Place{18, 17}, Place{15, 4}};
  const SquareTo to(corners);
  const Quadrilateral square = {Place{0, 0}, Place{0, 1}, Place{1, 1}, Place{1, 0}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(to(square[i]).row, corners[i].row, 1e-9) << i;
    EXPECT_NEAR(to(square[i]).column, corners[i].column, 1e-9) << i;
  }
}

/// A 0 of straight sides is no sheet, whatever lies in it that is no longer than three widths of its pen.
TEST(FindSheet, TakesNoSquareRingWithASpeckForOne) {
  for (const std::size_t pen : {10U, 16U, 24U, 36U})
    for (const Box& speck : {Box{200, 190, 3, 21}, Box{190, 200, 24, 4}, Box{180, 215, 10, 26}, Box{205, 185, 12, 12}})
      for (const bool light : {false, true}) {
        const std::uint8_t paper = light ? 40 : 225, ink = light ? 220 : 50;
        GreyImage picture = blank(400, 400, paper);
        fill(picture, {90, 110, 220, 170}, ink);
        fill(picture, {90 + pen, 110 + pen, 220 - 2 * pen, 170 - 2 * pen}, paper);
        fill(picture, speck, ink);
        add_noise(picture, 3);
        const Box box = prepare_image(picture, 28, 28, "picture").box;
        EXPECT_NEAR(static_cast<double>(box.rows), 220, 6) << pen << ' ' << speck.rows << ' ' << speck.columns;
        EXPECT_NEAR(static_cast<double>(box.columns), 170, 6) << pen << ' ' << speck.rows << ' ' << speck.columns;
      }
}

TEST(FindSheet, FindsALighterAndADarkerOne) {
  for (const GreyImage& picture : {sheet_on_table(60, 220, 40), sheet_on_table(210, 50, 220)}) {
    const std::optional<Sheet> sheet = find_sheet(reduced_light(picture, 1));
    ASSERT_TRUE(sheet);
    EXPECT_THAT(sheet->outline, SizeIs(4));
    EXPECT_FALSE(sheet->cut_by_border);
    EXPECT_NEAR(area_of(sheet->outline), 240 * 200, 0.06 * 240 * 200);
  }
}

TEST(FindSheet, TakesNoEmptySheet) {
  GreyImage empty = blank(400, 400, 60);
  fill(empty, {60, 90, 240, 200}, 220);
  EXPECT_FALSE(find_sheet(reduced_light(empty, 1)));
}

TEST(PrepareImage, ReadsTheDigitOnTheSheetAndTellsItsPlaceInThePicture) {
  const PreparedImage prepared = prepare_image(sheet_on_table(60, 220, 40), 28, 28, "photo");
  EXPECT_THAT(prepared.warnings, IsEmpty());
  EXPECT_EQ(prepared.polarity, Polarity::dark_on_light);
  EXPECT_EQ(prepared.steps.front().name, "the sheet");
  EXPECT_EQ(prepared.steps.back().name, "the stroke");
  EXPECT_NEAR(static_cast<double>(prepared.box.row), 130, 4);
  EXPECT_NEAR(static_cast<double>(prepared.box.column), 150, 4);
  EXPECT_NEAR(static_cast<double>(prepared.box.rows), 100, 6);
  EXPECT_NEAR(static_cast<double>(prepared.box.columns), 60, 6);
}

class FindEnclosure : public testing::Test {
 protected:
  void draw_box(const Box& box, std::size_t width) {
    fill(mask, {box.row, box.column, width, box.columns});
    fill(mask, {box.row + box.rows - width, box.column, width, box.columns});
    fill(mask, {box.row, box.column, box.rows, width});
    fill(mask, {box.row, box.column + box.columns - width, box.rows, width});
  }
  Mask mask = empty_mask(200, 300);
};

TEST_F(FindEnclosure, IsTheInsideOfABoxWithADigit) {
  draw_box({20, 30, 150, 150}, 3);
  fill(mask, {60, 90, 80, 12});
  const std::optional<Enclosure> enclosure = find_enclosure(mask);
  ASSERT_TRUE(enclosure);
  EXPECT_EQ(std::ranges::count(enclosure->inside.set, 1), 144 * 144);
  EXPECT_FALSE(enclosure->several);
}

TEST_F(FindEnclosure, IsNoneInARingWithoutAnythingOrWithASpeck) {
  draw_box({20, 30, 150, 100}, 20);
  EXPECT_FALSE(find_enclosure(mask));
  fill(mask, {90, 80, 4, 4});
  EXPECT_FALSE(find_enclosure(mask));
}

TEST_F(FindEnclosure, TellsOfAnotherFilledCell) {
  draw_box({20, 10, 150, 130}, 3);
  draw_box({20, 137, 150, 130}, 3);
  fill(mask, {60, 60, 80, 12});
  fill(mask, {60, 200, 80, 14});
  const std::optional<Enclosure> enclosure = find_enclosure(mask);
  ASSERT_TRUE(enclosure);
  EXPECT_TRUE(enclosure->several);
  EXPECT_TRUE(enclosure->inside.at(100, 205));
  EXPECT_FALSE(enclosure->inside.at(100, 65));
}

TEST(PaddedCrop, LeavesPicturesWithAMarginAlone) {
  GreyImage picture = blank(160, 140, 220);
  write_seven(picture, 30, 40, 40);
  EXPECT_FALSE(padded_crop(reduced_light(picture, 1)));
}

TEST(PaddedCrop, TakesAStrokeThatFillsThreeCorners) {
  for (const bool dark_ink : {true, false}) {
    const std::uint8_t paper = dark_ink ? 220 : 30, ink = dark_ink ? 40 : 215;
    GreyImage picture = blank(200, 120, paper);
    fill(picture, {0, 0, 26, 120}, ink);
    fill(picture, {0, 94, 200, 26}, ink);
    add_noise(picture, 3);
    const PreparedImage prepared = prepare_image(picture, 28, 28, "seven");
    EXPECT_EQ(prepared.polarity, dark_ink ? Polarity::dark_on_light : Polarity::light_on_dark);
    EXPECT_EQ(prepared.box, (Box{0, 0, 200, 120}));
  }
}

/// A step of light along a line through the middle, `slope` columns a row, and the part that is kept right of it.
void shade_right_of(GreyImage& picture, double slope, double kept) {
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      const double off = static_cast<double>(column) - static_cast<double>(picture.columns) / 2 -
                         slope * (static_cast<double>(row) - static_cast<double>(picture.rows) / 2);
      std::uint8_t& light = picture.light[row * picture.columns + column];
      light = static_cast<std::uint8_t>(light * (1 - (1 - kept) * std::clamp(off / 3 + 0.5, 0.0, 1.0)));
    }
}

TEST(WithoutShadow, MakesBothSidesOfItsEdgeAlikeAndKeepsTheStroke) {
  for (const double slope : {0.0, 0.4, -0.9}) {
    GreyImage even = blank(300, 300, 220);
    write_seven(even, 100, 120, 50);
    add_noise(even, 3);
    GreyImage shaded = even;
    shade_right_of(shaded, slope, 0.5);
    const std::optional<Field> lifted = without_shadow(reduced_light(shaded, 1));
    ASSERT_TRUE(lifted) << slope;
    std::size_t far_off = 0;
    for (std::size_t i = 0; i < even.light.size(); ++i)
      far_off += std::abs(lifted->values[i] - static_cast<float>(even.light[i])) > 25;
    EXPECT_LT(far_off, even.light.size() / 500) << slope;
    EXPECT_EQ(prepare_image(shaded, 28, 28, "shaded").box.rows, 100U) << slope;
  }
}

TEST(WithoutShadow, SeesNoneInTheEdgeOfASheetOrAStroke) {
  EXPECT_FALSE(without_shadow(reduced_light(sheet_on_table(90, 220, 40), 1)));
  GreyImage bar = blank(200, 200, 220);
  fill(bar, {0, 90, 200, 20}, 40);
  EXPECT_FALSE(without_shadow(reduced_light(bar, 1)));
  EXPECT_FALSE(without_shadow(reduced_light(blank(200, 200, 220), 1)));
}

TEST(PrepareImage, ReadsStrokesOfFewPixelsThatReachTheBorder) {
  GreyImage picture = blank(8, 8, 0);  // a 0 with a stroke of a pixel that is not as light everywhere
  fill(picture, {0, 2, 8, 4}, 16);
  fill(picture, {1, 3, 6, 2}, 0);
  fill(picture, {3, 2, 2, 1}, 9);
  const PreparedImage prepared = prepare_image(picture, 28, 28, "zero");
  EXPECT_EQ(prepared.polarity, Polarity::light_on_dark);
  EXPECT_EQ(prepared.box.rows, 8U);
  EXPECT_EQ(prepared.box.columns, 4U);
  EXPECT_EQ(prepared.image.pixels[14 * 28 + 14], 0);
  EXPECT_TRUE(prepared.warnings.empty());
}

TEST(InkStrengthInShadow, IsTheSameOnBothSidesOfItsEdge) {
  GreyImage picture = blank(300, 300, 220);
  fill(picture, {100, 60, 20, 180}, 66);
  for (std::size_t row = 0; row < 300; ++row)
    for (std::size_t column = 150; column < 300; ++column) {
      std::uint8_t& light = picture.light[row * 300 + column];
      light = static_cast<std::uint8_t>(light / 2);
    }
  const std::optional<Field> ink = ink_strength_in_shadow(reduced_light(picture, 1));
  ASSERT_TRUE(ink);
  EXPECT_NEAR(ink->at(110, 100), 0.7F, 0.02F);
  EXPECT_NEAR(ink->at(110, 200), 0.7F, 0.02F);
  for (const std::size_t column : {20U, 140U, 152U, 280U}) EXPECT_NEAR(ink->at(200, column), 0, 0.02F) << column;
  EXPECT_FALSE(ink_strength_in_shadow(reduced_light(blank(50, 50, 200), 1)));
}

TEST(PrepareImage, TakesPixelsOfZeroAndOne) {
  GreyImage picture = blank(60, 60, 1);
  fill(picture, {10, 28, 40, 5}, 0);
  EXPECT_EQ(prepare_image(picture, 28, 28, "bits").box, (Box{10, 28, 40, 5}));
}

}  // namespace
}  // namespace nib
