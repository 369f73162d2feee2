// What a judge learns from: lines of a pen, figures, letters, digits as preparation leaves them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/catalogue.h"
#include "score/doodle.h"
#include "score/figures.h"
#include "score/letter_strokes.h"
#include "score/letters.h"
#include "score/redraw.h"
#include "score/sketches.h"
#include "tests/places.h"

namespace nib {
namespace {

std::size_t ink(const std::vector<std::uint8_t>& pixels) {
  return std::accumulate(pixels.begin(), pixels.end(), std::size_t{0}) / 255;
}

std::vector<std::uint8_t> drawn(const PenLine& line, const Pen& pen) {
  std::vector<std::uint8_t> pixels(28 * 28, 77);
  draw_as_digit(std::vector<PenLine>{line}, pen, 28, 28, pixels);
  return pixels;
}

/// A stroke of 20 pixels, whose ends are round, covers what a strip and an ellipse of the pen's size do.
TEST(PenLines, CoverWhatAPenCovers) {
  for (const float width : {1.5F, 2.0F, 3.0F}) {
    const auto pixels = drawn({{0, 0}, {0, 9}}, {.width = width});
    const double area = width * (20 - width) + 0.785 * width * width;
    EXPECT_NEAR(static_cast<double>(ink(pixels)), area, 0.16 * area) << width;
    EXPECT_EQ(pixels[14 * 28 + 3], 0);
  }
  // An upright stroke is as wide as a flat pen's longer axis, a level one as its shorter.
  const std::size_t upright = ink(drawn({{0, 0}, {0, 9}}, {.width = 4, .flat = 0.5F})),
                    level = ink(drawn({{0, 0}, {9, 0}}, {.width = 4, .flat = 0.5F}));
  EXPECT_NEAR(static_cast<double>(upright), 4 * 16 + 0.785 * 4 * 2, 6);
  EXPECT_NEAR(static_cast<double>(level), 2 * 16 + 0.785 * 4 * 2, 6);
  EXPECT_NEAR(static_cast<double>(ink(drawn({{0, 0}, {9, 0}}, {.width = 4, .flat = 0.5F, .angle = 1.5708F}))),
              static_cast<double>(upright), 3)
      << "the pen turned with the stroke";
}

TEST(Sketches, AreOfTheirNumbersAloneAndHaveInk) {
  for (std::size_t i = 0; i < 400; ++i)
    for (const auto make : {letter, scribble, sketch, doodle, bars}) {
      Random random(Random::Use::no_digit, i), again(Random::Use::no_digit, i);
      const std::vector<PenLine> lines = make(random), same = make(again);
      ASSERT_EQ(lines.size(), same.size());
      std::vector<std::uint8_t> pixels(28 * 28), others(28 * 28);
      draw_as_digit(lines, {}, 28, 28, pixels);
      draw_as_digit(same, {}, 28, 28, others);
      EXPECT_EQ(pixels, others);
      EXPECT_GE(ink(pixels), 15U) << i;
      for (const PenLine& line : lines) {
        EXPECT_GE(line.size(), 2U);
        for (const PenPoint& point : line) EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y));
      }
    }
}

TEST(Letters, LieOnTheirGrid) {
  for (std::size_t i = 0; i < letter_count(); ++i)
    for (const LetterStroke& stroke : letter_strokes(i)) {
      ASSERT_GE(stroke.line.size(), 2U) << i;
      for (const PenPoint& point : stroke.line) {
        EXPECT_LE(point.x, 4) << i;
        EXPECT_LE(point.y, 6) << i;
      }
    }
}

/// Ink of both, of the ink of either, where one is moved by whole pixels around.
double alike(const std::vector<std::uint8_t>& one, const std::vector<std::uint8_t>& other, std::size_t down,
             std::size_t across) {
  double both = 0, either = 0;
  for (std::size_t row = 0; row < 28; ++row)
    for (std::size_t column = 0; column < 28; ++column) {
      const bool here = one[row * 28 + column] > 127,
                 there = other[(row + down) % 28 * 28 + (column + across) % 28] > 127;
      both += here && there;
      either += here || there;
    }
  return both / either;
}

/// Digits stay what they are, and where, but for a pixel.
TEST(Redraw, KeepsADigit) {
  const Dataset digits = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::test_only).test;
  for (std::size_t i = 0; i < 200; ++i) {
    std::vector<std::uint8_t> pixels(digits.image(i), digits.image(i) + 28 * 28);
    const std::vector<std::uint8_t> before = pixels;
    Random random(Random::Use::redrawn_digit, i);
    redraw(random, 28, 28, pixels);
    double best = 0;
    for (std::size_t down = 27; down <= 29; ++down)
      for (std::size_t across = 27; across <= 29; ++across) best = std::max(best, alike(pixels, before, down, across));
    EXPECT_GT(best, 0.4) << i;
    EXPECT_GT(ink(pixels) * 2, ink(before)) << i;
    EXPECT_LT(ink(pixels), 2 * ink(before) + 20) << i;
  }
}

TEST(Redraw, LeavesPaperAsItIsAndFindsFaintInk) {
  std::vector<std::uint8_t> pixels(28 * 28);
  Random random(Random::Use::redrawn_digit, 0);
  redraw(random, 28, 28, pixels);
  EXPECT_EQ(pixels, std::vector<std::uint8_t>(28 * 28));
  pixels[14 * 28 + 14] = 1;
  redraw(random, 28, 28, pixels);
  EXPECT_GT(*std::ranges::max_element(pixels), 0);
}

}  // namespace
}  // namespace nib
