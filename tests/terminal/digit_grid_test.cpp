#include "terminal/digit_grid.h"

#include <gmock/gmock.h>

namespace nib {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Four images of full ink, two rows high.
Dataset inked(std::uint32_t columns) { return {2, columns, {}, std::vector<std::uint8_t>(8 * columns, 255), {}}; }

std::vector<GridCell> cells(std::vector<std::string> captions) {
  std::vector<GridCell> result;
  for (const std::string& caption : captions) result.push_back({result.size(), {caption}});
  return result;
}

TEST(DigitGrid, PutsImagesSideBySideWithTheirCaptionsOverThem) {
  EXPECT_EQ(digit_grid(inked(6), cells({"7", "12", "abcdef"}), 2, {}),
            "  7       12\n"
            "@@@@@@  @@@@@@\n"
            "\n"
            "abcdef\n"
            "@@@@@@\n");
}

TEST(DigitGrid, CentresImagesUnderWiderCaptions) {
  EXPECT_EQ(digit_grid(inked(2), cells({"Label: 7", "Label: 2"}), 3, {}),
            "Label: 7  Label: 2\n"
            "   @@        @@\n");
}

TEST(DigitGrid, MakesImagesSmallerSoThatThreeFitInEightyColumns) {
  const std::string grid = digit_grid(inked(28), cells({"a", "b", "c"}), 3, {});
  EXPECT_THAT(grid, HasSubstr(std::string(25, '@') + "  " + std::string(25, '@') + "  " + std::string(25, '@') + "\n"));
}

TEST(DigitGrid, PutsFewerInARowRatherThanMakeThemTooSmall) {
  EXPECT_THAT(digit_grid(inked(28), cells({"a", "b"}), 2, {.columns = 40}),
              HasSubstr("\n" + std::string(28, '@') + "\n"));
}

TEST(DigitGrid, CutsWhatIsWiderThanTheTerminal) {
  EXPECT_EQ(digit_grid(inked(28), cells({"a long caption"}), 3, {.columns = 8}), "a lon...\n++++++++\n");
  EXPECT_EQ(digit_grid(inked(28), cells({"a"}), 3, {.columns = 0}), "a\n+\n");
}

TEST(DigitGrid, ShowsEveryLineOfTheLongestCaption) {
  const std::vector<GridCell> two = {{0, {"one"}}, {1, {"two", "more"}}};
  EXPECT_EQ(digit_grid(inked(4), two, 2, {}),
            "one   two\n"
            "      more\n"
            "@@@@  @@@@\n");
}

TEST(DigitGrid, SetsOffWrongOnes) {
  const std::vector<GridCell> wrong = {{0, {"7"}, true}};
  EXPECT_THAT(digit_grid(inked(4), wrong, 1, {}), HasSubstr("! 7\n"));
  const std::string coloured = digit_grid(inked(4), wrong, 1, {.colour = true, .utf8 = true});
  EXPECT_THAT(coloured, HasSubstr("\x1b[1;31m"));
  EXPECT_THAT(coloured, Not(HasSubstr("!")));
}

TEST(DigitGrid, WritesNoEscapesWithoutColour) {
  EXPECT_THAT(digit_grid(inked(4), cells({"7"}), 1, {.interactive = true, .utf8 = true}), Not(HasSubstr("\x1b")));
}

TEST(DigitGrid, KeepsHostileCaptionsOnTheirLine) {
  EXPECT_THAT(digit_grid(inked(28), cells({"a\x1b[2Jb"}), 1, {}), HasSubstr("a\\x1b[2Jb"));
}

TEST(DigitGrid, OfNothingIsNothing) { EXPECT_EQ(digit_grid(inked(4), {}, 3, {}), ""); }

}  // namespace
}  // namespace nib
