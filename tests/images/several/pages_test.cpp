// Pages of MNIST's test digits 5,000 to 9,999, found and read by a network that real Keras trained. What finds them
// learnt on training digits.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include "base/error.h"
#include "images/several/page_scores.h"

namespace nib {
namespace {

constexpr std::size_t first_held = 5'000, last_held = 10'000;
constexpr std::uint64_t held_seed = 2;
constexpr double least_cells = 0.85;

PageScore held(pages::Layout layout, std::size_t pages, const KerasReader& read, bool touching, bool alone = false) {
  return score_pages(layout, pages, first_held, last_held, held_seed, read, touching, alone);
}

TEST(Several, SegmentsLinesOfDigitsThatDoNotTouch) {
  const KerasReader read;
  const PageScore lines = held(pages::Layout::line, 40, read, false);
  print("lines", lines);
  EXPECT_GE(part(lines.segmented, lines.lines), 0.94);
}

TEST(Several, SegmentsGridsAndCells) {
  const KerasReader read;
  const PageScore grids = held(pages::Layout::grid, 10, read, false);
  print("grids", grids);
  EXPECT_GE(part(grids.segmented, grids.lines), 0.95);
  const PageScore cells = held(pages::Layout::cells, 20, read, false);
  print("cells", cells);
  EXPECT_GE(part(cells.segmented, cells.lines), least_cells);
}

TEST(Several, LeavesOutDashesAndDots) {
  const KerasReader read;
  const PageScore marks = held(pages::Layout::marks, 20, read, false);
  print("marks", marks);
  EXPECT_GE(part(marks.segmented, marks.lines), 0.95);
}

TEST(Several, AreReadOnce) {
  const KerasReader read;
  for (std::size_t index = 0; index < 6; ++index) {
    const pages::WrittenPage page =
        pages::written(mnist(), first_held, last_held, pages::Layout::line, index, held_seed);
    std::size_t asked = 0;
    std::set<std::vector<std::uint8_t>> different;
    const DigitReader counting = [&](std::span<const NetworkImage> images) {
      asked += images.size();
      for (const NetworkImage& image : images) different.insert(image.pixels);
      return read(images);
    };
    find_digits(page.picture, {.read = counting}, "page");
    EXPECT_EQ(different.size(), asked) << index;
    EXPECT_GE(asked, page.lines[0].size()) << index;
  }
}

TEST(Several, AreReadAsWellAsDocumentedSlow) {
  const KerasReader read;
  PageScore lines = held(pages::Layout::line, 500, read, false, true);
  const PageScore touching = held(pages::Layout::line, 500, read, true, true);
  print("lines, none touching", lines);
  print("lines, some touching", touching);
  EXPECT_GE(part(lines.segmented, lines.lines), 0.985);
  lines.add(touching);
  print("all lines", lines);
  EXPECT_GE(part(touching.segmented, touching.lines), 0.9);
  EXPECT_GE(part(lines.segmented, lines.lines), 0.98);
  EXPECT_GE(static_cast<double>(lines.right), 0.93 * lines.lines_that_single_digits_allow());
  EXPECT_GE(static_cast<double>(lines.right), 0.97 * lines.lines_that_drawn_digits_allow());
}

TEST(Several, ReadsDigitsInFaintlyPrintedBoxes) {
  constexpr std::size_t columns = 300;
  GreyImage boxes{160, columns, std::vector<std::uint8_t>(160 * columns, 220)};
  const auto fill = [&](std::size_t top, std::size_t bottom, std::size_t left, std::size_t right, std::uint8_t light) {
    for (std::size_t row = top; row < bottom; ++row)
      for (std::size_t column = left; column < right; ++column) boxes.light[row * columns + column] = light;
  };
  for (const std::size_t left : {40U, 160U}) {
    for (const std::size_t row : {20U, 137U}) fill(row, row + 3, left, left + 100, 150);
    for (const std::size_t column : {left, left + 97}) fill(20, 140, column, column + 3, 150);
    fill(45, 115, left + 45, left + 54, 40);
  }
  const KerasReader read;
  const DigitsOnPage found = find_digits(boxes, {.read = std::cref(read)}, "boxes");
  EXPECT_EQ(found.frames, 2U);
  ASSERT_EQ(found.lines.size(), 1U);
  ASSERT_EQ(found.lines[0].size(), 2U);
  EXPECT_EQ(found.lines[0][0].box, (Box{45, 85, 70, 9}));
  EXPECT_EQ(found.lines[0][1].box, (Box{45, 205, 70, 9}));
}

/// Ink wherever `is_ink(row, column)` is true, on paper.
template <typename IsInk>
GreyImage drawn(std::size_t rows, std::size_t columns, const IsInk& is_ink) {
  GreyImage picture{rows, columns, std::vector<std::uint8_t>(rows * columns, 220)};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      if (is_ink(static_cast<double>(row), static_cast<double>(column))) picture.light[row * columns + column] = 40;
  return picture;
}

TEST(Several, TakesNoRoundZeroForAFrame) {
  // Zeros that the sides of a square would fit, but for less than their stroke's width.
  const auto zero = [](double row, double column, double middle) {
    const double from = std::sqrt(std::sqrt(std::pow((row - 60) / 36, 4) + std::pow((column - middle) / 31, 4)));
    return from <= 1 && from > 0.7;
  };
  const GreyImage picture = drawn(120, 320, [&](double row, double column) {
    return zero(row, column, 60) || zero(row, column, 160) || (row > 24 && row < 96 && column > 240 && column < 252);
  });
  const KerasReader read;
  const DigitsOnPage found = find_digits(picture, {.read = std::cref(read)}, "zeros");
  EXPECT_EQ(found.frames, 0U);
  ASSERT_EQ(found.lines.size(), 1U);
  EXPECT_EQ(found.lines[0].size(), 3U);
}

TEST(Several, UnitesASlantingStrokeThatIsBroken) {
  const GreyImage picture = drawn(120, 300, [](double row, double column) {
    const bool upright = row > 24 && row < 96 && ((column > 40 && column < 52) || (column > 240 && column < 252));
    const bool gap = row > 56 && row < 63;
    return upright || (row > 24 && row < 96 && !gap && std::abs(column - (175 - 0.55 * (row - 24))) < 6);
  });
  const KerasReader read;
  const DigitsOnPage found = find_digits(picture, {.read = std::cref(read)}, "broken");
  ASSERT_EQ(found.lines.size(), 1U);
  ASSERT_EQ(found.lines[0].size(), 3U);
  EXPECT_GE(found.lines[0][1].box.rows, 68U);
  EXPECT_EQ(found.left_out, 0U);
}

TEST(Several, KeepsADigitInTwoPartsInItsLine) {
  // A 5 whose upper part stands above the lower one, both higher than half a digit, behind a taller digit.
  const GreyImage picture = drawn(120, 300, [](double row, double column) {
    const bool upright = row > 20 && row < 100 && ((column > 40 && column < 52) || (column > 240 && column < 252));
    const bool upper = row > 24 && row < 66 && column > 138 && column < 149;
    const double from = std::hypot((row - 72) / 24, (column - 150) / 26);
    const bool lower = from <= 1 && from > 0.6 && (row > 69 || column > 160);
    return upright || upper || lower;
  });
  const KerasReader read;
  EXPECT_EQ(find_digits(picture, {.read = std::cref(read)}, "parts").lines.size(), 1U);
}

TEST(Several, UnitesHalvesThatStandAboveEachOther) {
  // A 0 of 92 rows that is broken across, between strokes of 76: each half is higher than half a digit.
  const GreyImage picture = drawn(120, 300, [](double row, double column) {
    const bool upright = row > 21 && row < 98 && ((column > 40 && column < 52) || (column > 240 && column < 252));
    const double from = std::hypot((row - 59) / 46, (column - 146) / 34);
    return upright || (from <= 1 && from > 0.7 && std::abs(row - 59) > 2);
  });
  const KerasReader read;
  const DigitsOnPage found = find_digits(picture, {.read = std::cref(read)}, "halves");
  ASSERT_EQ(found.lines.size(), 1U);
  ASSERT_EQ(found.lines[0].size(), 3U);
  EXPECT_GE(found.lines[0][1].box.rows, 90U);
}

TEST(Several, GivesABarToItsFive) {
  // The bar stands apart from the rest of its 5, right of it, and further from the next digit.
  const GreyImage picture = drawn(120, 300, [](double row, double column) {
    const bool upright = row > 21 && row < 98 && ((column > 40 && column < 52) || (column > 240 && column < 252));
    const bool neck = row > 26 && row < 58 && column > 108 && column < 119;
    const double from = std::hypot((row - 74) / 24, (column - 119) / 27);
    const bool belly = from <= 1 && from > 0.55 && (row > 80 || column > 112);
    const bool bar = row > 22 && row < 33 && column > 125 && column < 165;
    return upright || neck || belly || bar;
  });
  const KerasReader read;
  const DigitsOnPage found = find_digits(picture, {.read = std::cref(read)}, "five");
  ASSERT_EQ(found.lines.size(), 1U);
  ASSERT_EQ(found.lines[0].size(), 3U);
  EXPECT_LE(found.lines[0][1].box.column, 95U);
  EXPECT_EQ(found.lines[0][1].box.column + found.lines[0][1].box.columns, 165U);
  EXPECT_EQ(found.left_out, 0U);
}

TEST(Several, KeepsAFlatDigitAndNoDash) {
  // A 0 of 0.4 heights and a dash of 0.15, each between two strokes.
  const GreyImage picture = drawn(120, 400, [](double row, double column) {
    const bool upright =
        row > 20 && row < 100 &&
        ((column > 40 && column < 52) || (column > 190 && column < 202) || (column > 340 && column < 352));
    const double from = std::hypot((row - 70) / 16, (column - 120) / 26);
    const bool dash = row > 54 && row < 66 && column > 245 && column < 300;
    return upright || dash || (from <= 1 && from > 0.6);
  });
  const KerasReader read;
  const DigitsOnPage found = find_digits(picture, {.read = std::cref(read)}, "flat");
  ASSERT_EQ(found.lines.size(), 1U);
  ASSERT_EQ(found.lines[0].size(), 4U);
  EXPECT_EQ(found.lines[0][1].box, (Box{54, 94, 33, 53}));
  EXPECT_EQ(found.left_out, 1U);
}

TEST(Several, CutsNoSolidMark) {
  // Three dashes that are longer than high, and nothing else: no 1s beside each other.
  const GreyImage picture = drawn(100, 600, [](double row, double column) {
    return row > 44 && row < 56 && column > 40 && column < 560 && std::fmod(column, 200) > 40;
  });
  const KerasReader read;
  EXPECT_EQ(find_digits(picture, {.read = std::cref(read)}, "dashes").size(), 3U);
}

TEST(Several, RefusesAPageWithoutInk) {
  const GreyImage blank{100, 300, std::vector<std::uint8_t>(30'000, 200)};
  const KerasReader read;
  EXPECT_THROW(find_digits(blank, {.read = std::cref(read)}, "blank"), Error);
}

TEST(Several, RefusesMorePiecesThanDigitsCanBe) {
  GreyImage dots{1'000, 1'000, std::vector<std::uint8_t>(1'000'000, 220)};
  for (std::size_t row = 2; row + 8 < 1'000; row += 20)
    for (std::size_t column = 2; column + 8 < 1'000; column += 20)
      for (std::size_t y = 0; y < 6; ++y)
        for (std::size_t x = 0; x < 6; ++x) dots.light[(row + y) * 1'000 + column + x] = 30;
  const KerasReader read;
  try {
    find_digits(dots, {.read = std::cref(read)}, "dots");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_NE(std::string(error.what()).find("too many pieces of ink"), std::string::npos) << std::string(error.what());
  }
}

}  // namespace
}  // namespace nib
