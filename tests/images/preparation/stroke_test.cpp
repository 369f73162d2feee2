#include "images/preparation/stroke.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "images/preparation/components.h"
#include "images/preparation/sketch.h"
#include "support/random_numbers.h"

namespace nib {
namespace {

TEST(ComponentsOf, HangTogetherByCorners) {
  Mask mask = empty_mask(5, 6);
  for (const auto& [row, column] : {std::pair{0, 1}, {1, 2}, {2, 1}, {4, 4}, {4, 5}})
    mask.at(static_cast<std::size_t>(row), static_cast<std::size_t>(column)) = 1;
  const Components components = components_of(mask);
  ASSERT_EQ(components.list.size(), 2U);
  EXPECT_EQ(components.list[0].box, (Box{0, 1, 3, 2}));
  EXPECT_EQ(components.list[0].pixels, 3U);
  EXPECT_TRUE(components.list[0].touches_border);
  EXPECT_EQ(components.list[1].box, (Box{4, 4, 1, 2}));
  EXPECT_EQ(components.labels[4 * 6 + 5], 2U);
}

TEST(ComponentsOf, JoinWhatMeetsOnlyFurtherDown) {
  Mask mask = empty_mask(6, 9);
  fill(mask, {1, 1, 4, 1});
  fill(mask, {1, 4, 4, 1});
  fill(mask, {1, 7, 4, 1});
  fill(mask, {4, 1, 1, 7});
  const Components components = components_of(mask);
  ASSERT_EQ(components.list.size(), 1U);
  EXPECT_EQ(components.list[0].pixels, 16U);
  EXPECT_FALSE(components.list[0].touches_border);
}

/// Components of a mask found by walking through each from its first pixel on.
Components walked_components(const Mask& mask) {
  Components result{.list = {}, .labels = std::vector<std::uint32_t>(mask.set.size())};
  for (std::size_t start = 0; start < mask.set.size(); ++start) {
    if (mask.set[start] == 0 || result.labels[start] != 0) continue;
    const auto label = static_cast<std::uint32_t>(result.list.size() + 1);
    std::size_t top = mask.rows, bottom = 0, left = mask.columns, right = 0, pixels = 0;
    std::vector<std::size_t> open{start};
    result.labels[start] = label;
    while (!open.empty()) {
      const std::size_t row = open.back() / mask.columns, column = open.back() % mask.columns;
      open.pop_back();
      ++pixels;
      top = std::min(top, row), bottom = std::max(bottom, row);
      left = std::min(left, column), right = std::max(right, column);
      for (std::size_t r = row - (row > 0); r <= std::min(row + 1, mask.rows - 1); ++r)
        for (std::size_t c = column - (column > 0); c <= std::min(column + 1, mask.columns - 1); ++c)
          if (mask.at(r, c) != 0 && result.labels[r * mask.columns + c] == 0) {
            result.labels[r * mask.columns + c] = label;
            open.push_back(r * mask.columns + c);
          }
    }
    result.list.push_back(
        {.box = {top, left, bottom + 1 - top, right + 1 - left},
         .pixels = pixels,
         .touches_border = top == 0 || left == 0 || bottom + 1 == mask.rows || right + 1 == mask.columns});
  }
  return result;
}

TEST(ComponentsOf, AreThoseThatAWalkFinds) {
  test::RandomNumbers random(1, {30, 0, 0});
  for (int i = 0; i < 200; ++i) {
    Mask mask = empty_mask(random.whole_between<std::size_t>(1, 24), random.whole_between<std::size_t>(1, 24));
    const float share = random.between(0, 1);
    for (std::uint8_t& pixel : mask.set) pixel = random.between(0, 1) < share ? 1 : 0;
    const Components found = components_of(mask), walked = walked_components(mask);
    ASSERT_EQ(found.labels, walked.labels);
    ASSERT_EQ(found.list.size(), walked.list.size());
    for (std::size_t n = 0; n < walked.list.size(); ++n) {
      EXPECT_EQ(found.list[n].box, walked.list[n].box);
      EXPECT_EQ(found.list[n].pixels, walked.list[n].pixels);
      EXPECT_EQ(found.list[n].touches_border, walked.list[n].touches_border);
    }
    const std::vector<Component> list = component_list(mask);
    ASSERT_EQ(list.size(), walked.list.size());
    for (std::size_t n = 0; n < list.size(); ++n) {
      EXPECT_EQ(list[n].box, walked.list[n].box);
      EXPECT_EQ(list[n].pixels, walked.list[n].pixels);
      EXPECT_EQ(list[n].touches_border, walked.list[n].touches_border);
    }
  }
}

class ChooseStroke : public testing::Test {
 protected:
  ChooseStroke() { fill(mask, body); }
  Mask mask = empty_mask(200, 300);
  const Box body{60, 100, 80, 40};
};

TEST_F(ChooseStroke, TakesTheLargestPiece) {
  const Stroke stroke = choose_stroke(mask);
  EXPECT_EQ(stroke.box, body);
  EXPECT_EQ(stroke.pieces, 1U);
  EXPECT_EQ(stroke.mask.set, mask.set);
  EXPECT_FALSE(stroke.touches_border);
  EXPECT_FALSE(stroke.has_neighbours);
}

TEST_F(ChooseStroke, AddsTheBarOfAFive) {
  fill(mask, {45, 125, 8, 60});
  const Stroke stroke = choose_stroke(mask);
  EXPECT_EQ(stroke.pieces, 2U);
  EXPECT_EQ(stroke.box, (Box{45, 100, 95, 85}));
  EXPECT_FALSE(stroke.has_neighbours);
}

TEST_F(ChooseStroke, LeavesSpecksAndFarPiecesOut) {
  fill(mask, {64, 150, 4, 4});
  fill(mask, {10, 280, 20, 10});
  const Stroke stroke = choose_stroke(mask);
  EXPECT_EQ(stroke.box, body);
  EXPECT_EQ(stroke.pixels, 80U * 40U);
  EXPECT_FALSE(stroke.has_neighbours);
}

TEST_F(ChooseStroke, LeavesASecondDigitOutAndSaysSo) {
  fill(mask, {62, 155, 76, 30});
  const Stroke stroke = choose_stroke(mask);
  EXPECT_EQ(stroke.box, body);
  EXPECT_TRUE(stroke.has_neighbours);
}

TEST_F(ChooseStroke, TakesNoFingerForASecondDigitButACutOne) {
  fill(mask, {0, 200, 60, 45});
  EXPECT_FALSE(choose_stroke(mask).has_neighbours);
  fill(mask, {120, 200, 80, 20});
  EXPECT_TRUE(choose_stroke(mask).has_neighbours);
}

TEST_F(ChooseStroke, PrefersWhatDoesNotTouchTheBorder) {
  fill(mask, {0, 0, 200, 60});  // the edge of the table
  EXPECT_EQ(choose_stroke(mask).box, body);
}

TEST(ChooseStrokeAtTheBorder, TakesAStrokeThatTouchesItWhenThereIsNoOther) {
  Mask mask = empty_mask(50, 50);
  fill(mask, {0, 20, 40, 6});
  fill(mask, {45, 45, 2, 2});
  const Stroke stroke = choose_stroke(mask);
  EXPECT_EQ(stroke.box, (Box{0, 20, 40, 6}));
  EXPECT_TRUE(stroke.touches_border);
}

TEST(ChooseStrokeOfNothing, HasNoPixels) { EXPECT_EQ(choose_stroke(empty_mask(9, 9)).pixels, 0U); }

}  // namespace
}  // namespace nib
