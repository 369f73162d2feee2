#include "terminal/text_layout.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(TextWidth, CountsCharactersNotBytes) {
  EXPECT_EQ(text_width(""), 0U);
  EXPECT_EQ(text_width("abc"), 3U);
  EXPECT_EQ(text_width("größer ▀"), 8U);
}

TEST(Cut, KeepsWhatFitsAndMarksWhatDoesNot) {
  EXPECT_EQ(cut("größer", 6, true), "größer");
  EXPECT_EQ(cut("größer", 5, true), "größ…");
  EXPECT_EQ(cut("größer", 5, false), "gr...");
  EXPECT_EQ(cut("größer", 1, true), "…");
  EXPECT_EQ(cut("größer", 3, false), "...");
  EXPECT_EQ(cut("größer", 2, false), "gr");
  EXPECT_EQ(cut("größer", 0, true), "");
  EXPECT_EQ(cut("ööö", 2, false), "öö");
}

TEST(Align, PadsByCharacters) {
  EXPECT_EQ(align_left("ö", 3), "ö  ");
  EXPECT_EQ(align_right("ö", 3), "  ö");
  EXPECT_EQ(centre("ö", 4), " ö  ");
  EXPECT_EQ(align_right("long", 2), "long");
}

TEST(Aligned, SetsNamesToTheLeftAndFiguresToTheRight) {
  EXPECT_EQ(aligned({{"name", "n", "note"}, {"größer", "10", ""}, {"a", "9", "b"}}, {0, 2}),
            "name     n  note\ngrößer  10\na        9  b\n");
}

TEST(Styled, WritesEscapesOnlyWithColour) {
  EXPECT_EQ(styled("x", bold, {.colour = true}), "\x1b[1mx\x1b[0m");
  EXPECT_EQ(styled("x", bold, {.interactive = true}), "x");
}

TEST(Wrap, BreaksBetweenWordsAndHangsWhatFollows) {
  EXPECT_EQ(wrap("one two three four\n", 9, 2), "one two\n  three\n  four\n");
  EXPECT_EQ(wrap("one two\n", 7, 2), "one two\n") << "what fits stays";
  EXPECT_EQ(wrap("  ab cd  ef gh\n", 9, 2), "  ab cd\n    ef gh\n");
  EXPECT_EQ(wrap("größe größe\n", 5, 0), "größe\ngröße\n") << "characters are counted, not bytes";
}

TEST(Wrap, KeepsSpacesWithinALineAndDropsThoseAtABreak) {
  EXPECT_EQ(wrap("name     value more\n", 15, 9), "name     value\n       more\n") << "not beyond the middle";
  EXPECT_EQ(wrap("ab    cd    \n", 6, 0), "ab\ncd\n");
}

TEST(Wrap, NeverBreaksAWord) {
  EXPECT_EQ(wrap("see /a/long/path here\n", 8, 2), "see\n  /a/long/path\n  here\n");
  EXPECT_EQ(wrap("60,000 images 98.94\n", 8, 1), "60,000\n images\n 98.94\n");
}

TEST(Wrap, CountsNoStyle) {
  const std::string styled_text = "\x1b[1;31mone\x1b[0m two\n";
  EXPECT_EQ(wrap(styled_text, 7, 2), styled_text);
  EXPECT_EQ(wrap(styled_text, 6, 2), "\x1b[1;31mone\x1b[0m\n  two\n");
}

TEST(Wrap, LeavesLinesThatAreRedrawn) {
  EXPECT_EQ(wrap("\rone two three\n", 5, 2), "\rone two three\n");
  EXPECT_EQ(wrap("one two three", 5, 2), "one two three");
}

TEST(Fitted, WrapsForTerminalsOnly) {
  EXPECT_EQ(fitted("one two\n", {.columns = 5}), "one two\n");
  EXPECT_EQ(fitted("one two\n", {.columns = 5, .breaks_lines = true}), "one\n  two\n");
}

}  // namespace
}  // namespace nib
