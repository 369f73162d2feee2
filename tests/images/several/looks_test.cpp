// Where digits may be cut, and what is told of a whole digit before it is read: on digits 5,000 to 9,999 of MNIST's
// test, of which nothing was learnt.

#include "images/several/looks.h"

#include <gtest/gtest.h>

#include "images/several/known_lines.h"
#include "images/several/view.h"

namespace nib {
namespace {

constexpr std::size_t first_held = 5'000, last_held = 10'000;
constexpr std::uint64_t held_seed = 3;
constexpr float often_touching = 0.5F;

/// Unread.
KnownPage page_of(std::size_t index, float touching) {
  return known_page(pages::written(mnist(), first_held, last_held, pages::Layout::line, index, held_seed, touching),
                    {});
}

TEST(Looks, TellWholeDigitsFromPartsAndPairs) {
  std::size_t whole = 0, known = 0, others = 0, refused = 0;
  for (std::size_t index = 0; index < 12; ++index) {
    const KnownPage page = page_of(index, -1);
    ASSERT_EQ(page.lines.size(), 1U);
    const KnownLine& line = page.lines[0];
    for (std::size_t i = 0; i < line.right.size(); ++i) {
      const double odds = looks_of(view_of(line.ways.candidates[i].digit.piece, page.page, line.line.height)).whole;
      whole += line.right[i];
      known += line.right[i] && odds > 0;
      others += !line.right[i] && line.likeness[i] < 0.6;
      refused += !line.right[i] && line.likeness[i] < 0.6 && odds < 0;
    }
  }
  EXPECT_GE(whole, 50U);
  EXPECT_GE(others, 500U);
  EXPECT_GE(static_cast<double>(known), 0.9 * static_cast<double>(whole));
  EXPECT_GE(static_cast<double>(refused), 0.97 * static_cast<double>(others));
}

TEST(Seams, AreWhereDigitsTouch) {
  std::size_t lines = 0, cut = 0;
  for (std::size_t index = 0; index < 40; ++index)
    for (const KnownLine& line : page_of(index, often_touching).lines) {
      if (!line.touching) continue;
      lines += 1;
      cut += line.can_be_right;
    }
  EXPECT_GE(lines, 30U);
  EXPECT_GE(static_cast<double>(cut), 0.85 * static_cast<double>(lines));
}

TEST(View, ShowsAPieceInItsLine) {
  // Two bars of 40 rows, 4 and 6 columns wide, ten columns apart.
  Page page{.mask = {60, 80, std::vector<std::uint8_t>(60 * 80)}};
  for (std::size_t row = 10; row < 50; ++row)
    for (std::size_t column = 20; column < 40; ++column) page.mask.at(row, column) = column < 24 || column >= 34;
  const std::vector<Piece> pieces = pieces_of(page.mask);
  ASSERT_EQ(pieces.size(), 2U);
  const std::vector<std::uint8_t> view = view_of(pieces[0], page, 40);
  ASSERT_EQ(view.size(), view_rows * view_columns);
  // 2.5 pixels of the page are one: the bar is 1.6 wide about the middle, 16 high; the other one begins 4.8 right of
  // it.
  const auto at = [&](std::size_t row, std::size_t column) { return view[row * view_columns + column]; };
  EXPECT_EQ(at(12, 15), 204);
  EXPECT_EQ(at(12, 16), 204);
  EXPECT_EQ(at(12, 14), 0);
  EXPECT_EQ(at(3, 15), 0);
  EXPECT_EQ(at(4, 15), 204);
  EXPECT_EQ(at(19, 16), 204);
  EXPECT_EQ(at(20, 16), 0);
  EXPECT_EQ(at(12, 20), 19);
  EXPECT_EQ(at(12, 22), 96);
  EXPECT_EQ(at(12, 24), 0);
}

}  // namespace
}  // namespace nib
