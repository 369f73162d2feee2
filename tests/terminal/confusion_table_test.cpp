#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "terminal/classification.h"

namespace nib {
namespace {

using testing::HasSubstr;

TEST(ConfusionTable, HasARowATrueClassAndAColumnAPredictedOne) {
  EXPECT_EQ(confusion_table(std::vector<std::uint64_t>{980, 0, 12, 1135}, {"0", "1"}, {}),
            "      predicted\n"
            "true     0     1\n"
            "   0   980     0\n"
            "   1    12  1135\n");
}

TEST(ConfusionTable, ShowsWholeNamesWhereTheyFit) {
  EXPECT_EQ(confusion_table(std::vector<std::uint64_t>{7, 0, 1, 2}, {"Sandal", "Ankle boot"}, {}),
            "            predicted\n"
            "true            Sandal  Ankle boot\n"
            "    Sandal           7           0\n"
            "Ankle boot           1           2\n");
}

TEST(ConfusionTable, CutsNamesButNeverNumbers) {
  const std::vector<std::string> names = {"T-shirt/top", "Trouser", "Bag"};
  const std::vector<std::uint64_t> counts = {1000, 0, 1, 2, 980, 0, 3, 0, 999};
  EXPECT_EQ(confusion_table(counts, names, {.utf8 = true, .columns = 30}),
            "            predicted\n"
            "true        T-sh… Trou…   Bag\n"
            "T-shirt/top  1000     0     1\n"
            "    Trouser     2   980     0\n"
            "        Bag     3     0   999\n");
  EXPECT_EQ(confusion_table(counts, names, {.columns = 1}),
            "            predicted\n"
            "true        T... T...  Bag\n"
            "T-shirt/top 1000    0    1\n"
            "    Trouser    2  980    0\n"
            "        Bag    3    0  999\n");
}

TEST(ConfusionTable, ContinuesBelowWhatATerminalWouldBreak) {
  const std::vector<std::uint64_t> counts = {1000, 0, 1, 2, 980, 0, 3, 0, 999};
  EXPECT_EQ(confusion_table(counts, {"0", "1", "2"}, {.columns = 15, .breaks_lines = true}),
            "     predicted\n"
            "true    0    1\n"
            "   0 1000    0\n"
            "   1    2  980\n"
            "   2    3    0\n"
            "\n"
            "     predicted\n"
            "true    2\n"
            "   0    1\n"
            "   1    0\n"
            "   2  999\n");
}

TEST(ConfusionTable, CutsVeryLongRowNames) {
  const std::string table = confusion_table(std::vector<std::uint64_t>{1, 0, 0, 1}, {std::string(50, 'x'), "y"},
                                            {.utf8 = true, .columns = 40});
  EXPECT_THAT(table, HasSubstr("\n" + std::string(19, 'x') + "… "));
}

TEST(ConfusionTable, SetsOffTheDiagonalAndDimsZerosWithColour) {
  const std::string table = confusion_table(std::vector<std::uint64_t>{5, 0, 1, 6}, {"a", "b"}, {.colour = true});
  EXPECT_THAT(table, HasSubstr("   a  \x1b[1m5\x1b[0m  \x1b[2m0\x1b[0m\n   b  1  \x1b[1m6\x1b[0m\n"));
}

}  // namespace
}  // namespace nib
