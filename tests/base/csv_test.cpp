#include "base/csv.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(Csv, GivesLinesAndCells) {
  const std::string source = "table.csv";
  CsvLines lines("a,,b\n\nc\n", source);
  CsvCells cells(lines.next());
  EXPECT_EQ(cells.next(), "a");
  EXPECT_EQ(cells.next(), "");
  EXPECT_FALSE(cells.ended());
  EXPECT_EQ(cells.next(), "b");
  EXPECT_TRUE(cells.ended());
  EXPECT_EQ(cells.next(), "");
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(lines.next(), "c");
  EXPECT_TRUE(lines.ended());
  EXPECT_STREQ(lines.error({.problem = "is wrong"}).what(), "table.csv: line 3: is wrong");
  EXPECT_STREQ(lines.error({.problem = "is wrong", .got = "\x01"}, "loss").what(),
               "table.csv: line 3, column loss: is wrong (got \\x01)");
}

TEST(Csv, CountsTheCellsOfALine) {
  EXPECT_EQ(csv_columns(""), 1U);
  EXPECT_EQ(csv_columns("a,b,"), 3U);
}

TEST(Csv, RefusesALineWithoutItsEnd) {
  const std::string source = "table.csv";
  CsvLines lines("a\nb", source);
  lines.next();
  EXPECT_FALSE(lines.ended());
  EXPECT_THROW(lines.next(), Error);
}

}  // namespace
}  // namespace nib
