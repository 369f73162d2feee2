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

TEST(Styled, WritesEscapesOnlyWithColour) {
  EXPECT_EQ(styled("x", bold, {.colour = true}), "\x1b[1mx\x1b[0m");
  EXPECT_EQ(styled("x", bold, {.interactive = true}), "x");
}

}  // namespace
}  // namespace nib
