#include "terminal/side_by_side.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

const std::vector<SideBySideRow> rows = {{"loss", {"0.5", "0.25", "1"}}, {"device", {"cpu", "cuda:0", "cpu"}}};

TEST(SideBySide, HasAColumnForEach) {
  EXPECT_EQ(side_by_side({"first", "b", "c"}, rows, {}),
            "        first       b    c\n"
            "loss      0.5    0.25    1\n"
            "device    cpu  cuda:0  cpu\n");
}

TEST(SideBySide, ContinuesBelowWhereTheTerminalIsTooNarrow) {
  EXPECT_EQ(side_by_side({"first", "b", "c"}, rows, {.columns = 22}),
            "        first       b\n"
            "loss      0.5    0.25\n"
            "device    cpu  cuda:0\n"
            "\n"
            "          c\n"
            "loss      1\n"
            "device  cpu\n");
}

TEST(SideBySide, PutsOneColumnBelowTheOtherWhereNotEvenOneFits) {
  EXPECT_EQ(side_by_side({"a", "b"}, {{"loss", {"1", "2"}}}, {.columns = 1}), "      a\nloss  1\n\n      b\nloss  2\n");
}

TEST(SideBySide, CutsLongNamesAndMakesHostileOnesSafe) {
  const std::string table = side_by_side({std::string(50, 'n'), "\x1b"}, {{"loss", {"1", "2"}}}, {.columns = 100});
  EXPECT_EQ(table, "      " + std::string(37, 'n') + "...  \\x1b\nloss  " + std::string(39, ' ') + "1     2\n");
}

TEST(SideBySide, HasBoldNamesWhereThereIsColour) {
  EXPECT_EQ(side_by_side({"a"}, {{"loss", {"1"}}}, {.colour = true}), "      \x1b[1ma\x1b[0m\nloss  1\n");
}

}  // namespace
}  // namespace nib
