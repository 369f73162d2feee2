#include "drawing/png.h"

#include <gmock/gmock.h>

#include "drawing/decoded_png.h"
#include "drawing/palette.h"

namespace nib {
namespace {

using Rgb = std::array<int, 3>;

Rgb rgb(Role role) {
  const Colour colour = colour_of(role);
  return {colour.red, colour.green, colour.blue};
}

const Rgb white{255, 255, 255};

DecodedPng drawn(const Drawing& drawing, double scale = 1) { return decode_png(to_png(drawing, scale)); }

Drawing sheet(double width, double height) { return {.name = "test", .width = width, .height = height}; }

std::size_t dark_pixels(const DecodedPng& image) {
  std::size_t count = 0;
  for (std::size_t row = 0; row < image.rows; ++row)
    for (std::size_t column = 0; column < image.columns; ++column) count += image.at(row, column)[0] < 128;
  return count;
}

TEST(Png, IsAsLargeAsTheSheetTimesTheScaleAndWhite) {
  const DecodedPng image = drawn(sheet(30, 20), 2);
  EXPECT_EQ(image.columns, 60u);
  EXPECT_EQ(image.rows, 40u);
  EXPECT_EQ(image.at(39, 59), white);
}

TEST(Png, FillsARectangleWhereItIs) {
  Drawing drawing = sheet(20, 20);
  drawing.add(Rectangle{.x = 5, .y = 10, .width = 10, .height = 5, .style = {.fill = Role::first}});
  const DecodedPng image = drawn(drawing);
  EXPECT_EQ(image.at(10, 5), rgb(Role::first));
  EXPECT_EQ(image.at(14, 14), rgb(Role::first));
  EXPECT_EQ(image.at(15, 5), white);
  EXPECT_EQ(image.at(10, 4), white);
}

TEST(Png, MixesColoursWithThePaperByTheirOpacity) {
  Drawing drawing = sheet(10, 10);
  drawing.add(Rectangle{.width = 10, .height = 10, .style = {.fill = Role::wrong, .opacity = 0.5}});
  const Rgb mixed = drawn(drawing).at(5, 5), full = rgb(Role::wrong);
  for (std::size_t channel = 0; channel < 3; ++channel) EXPECT_NEAR(mixed[channel], (full[channel] + 255) / 2, 1);
}

TEST(Png, DrawsLaterElementsOverEarlierOnes) {
  Drawing drawing = sheet(10, 10);
  drawing.add(Rectangle{.width = 10, .height = 10, .style = {.fill = Role::first}});
  drawing.add(Circle{.centre = {5, 5}, .radius = 4, .style = {.fill = Role::second}});
  const DecodedPng image = drawn(drawing);
  EXPECT_EQ(image.at(5, 5), rgb(Role::second));
  EXPECT_EQ(image.at(0, 0), rgb(Role::first));
}

TEST(Png, DashesLines) {
  Drawing drawing = sheet(100, 10);
  drawing.add(
      Path{.points = {{0, 5}, {100, 5}}, .style = {.stroke = Role::ink, .stroke_width = 2, .dash = Dash::dashes}});
  EXPECT_NEAR(static_cast<double>(dark_pixels(drawn(drawing))), 2 * 60, 6);  // 6 of 10 units
}

TEST(Png, ClosesPathsThatAreClosed) {
  Drawing drawing = sheet(20, 20);
  drawing.add(Path{.points = {{2, 2}, {18, 2}, {18, 18}}, .style = {.stroke = Role::ink, .stroke_width = 2}});
  EXPECT_EQ(drawn(drawing).at(10, 10), white);
  std::get<Path>(drawing.elements[0].shape).closed = true;
  EXPECT_NE(drawn(drawing).at(10, 10), white);
}

TEST(Png, ShowsEachPixelOfAnInkImageAsARectangle) {
  Drawing drawing = sheet(20, 20);
  drawing.add(InkImage{.width = 20, .height = 20, .rows = 2, .columns = 2, .ink = {255, 0, 0, 128}});
  const DecodedPng image = drawn(drawing);
  EXPECT_EQ(image.at(9, 9), (Rgb{0, 0, 0}));
  EXPECT_EQ(image.at(9, 10), white);
  EXPECT_EQ(image.at(10, 9), white);
  EXPECT_NEAR(image.at(15, 15)[0], 127, 1);
}

TEST(Png, SetsTextOnItsAnchor) {
  const auto columns_of = [](Anchor anchor) {
    Drawing drawing = sheet(200, 40);
    drawing.add(Text{.at = {100, 25}, .text = "HHHH", .size = 20, .anchor = anchor});
    const DecodedPng image = drawn(drawing);
    std::size_t left = 0, right = 0;
    for (std::size_t row = 0; row < image.rows; ++row)
      for (std::size_t column = 0; column < image.columns; ++column)
        (column < 100 ? left : right) += image.at(row, column)[0] < 128;
    return std::pair(left, right);
  };
  EXPECT_EQ(columns_of(Anchor::start).first, 0u);
  EXPECT_GT(columns_of(Anchor::start).second, 100u);
  EXPECT_EQ(columns_of(Anchor::end).second, 0u);
  const auto [left, right] = columns_of(Anchor::middle);
  EXPECT_NEAR(static_cast<double>(left), static_cast<double>(right), 0.2 * static_cast<double>(left));
}

TEST(Png, TurnsText) {
  Drawing drawing = sheet(40, 100);
  drawing.add(Text{.at = {25, 90}, .text = "HHHH", .size = 20, .degrees = -90});
  const DecodedPng image = drawn(drawing);
  std::size_t rows = 0;
  for (std::size_t row = 0; row < image.rows; ++row) {
    bool dark = false;
    for (std::size_t column = 0; column < image.columns; ++column) dark = dark || image.at(row, column)[0] < 128;
    rows += dark;
  }
  EXPECT_GT(rows, 40u);  // it rises from its start
}

TEST(Png, BeginsNoPathWhereATextEnds) {
  Drawing drawing = sheet(100, 100);
  drawing.add(Text{.at = {5, 15}, .text = "l", .size = 10});
  drawing.add(Path{.points = {{5, 95}, {95, 95}}, .style = {.stroke = Role::ink, .stroke_width = 2}});
  const DecodedPng image = drawn(drawing);
  for (std::size_t row = 20; row < 90; ++row)
    for (std::size_t column = 0; column < 100; ++column) ASSERT_EQ(image.at(row, column), white);
}

TEST(Png, SurvivesTextThatIsNotUtf8) {
  Drawing drawing = sheet(100, 20);
  drawing.add(Text{.at = {5, 15}, .text = "a\xff\x01z"});
  EXPECT_GT(dark_pixels(drawn(drawing)), 0u);
}

}  // namespace
}  // namespace nib
