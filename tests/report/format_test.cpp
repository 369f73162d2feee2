#include "report/format.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(Format, WritesSharesInPercent) {
  EXPECT_EQ(percent(0.9895), "98.95\u00a0%");
  EXPECT_EQ(percent_number(1), "100.00");
}

TEST(Format, WritesLossesWithFourDecimalsUnlessTheyAreTinyOrHuge) {
  EXPECT_EQ(four_decimals(0.033584), "0.0336");
  EXPECT_EQ(four_decimals(0), "0.0000");
  EXPECT_EQ(four_decimals(1.234e-6), "1.23e-06");
  EXPECT_EQ(four_decimals(2.5e7), "2.5e+07");
}

TEST(Format, WritesDurationsInTheUnitThatSuitsThem) {
  EXPECT_EQ(duration(0.0421), "42\u00a0ms");
  EXPECT_EQ(duration(0.9996), "1.00\u00a0s");
  EXPECT_EQ(duration(7.276), "7.28\u00a0s");
  EXPECT_EQ(duration(59.996), "1\u00a0min 0\u00a0s");
  EXPECT_EQ(duration(123.4), "2\u00a0min 3\u00a0s");
  EXPECT_EQ(duration(3720), "1\u00a0h 2\u00a0min");
  EXPECT_EQ(duration(1e300), "277777777777\u00a0h 46\u00a0min");
}

TEST(Format, WritesDatesInWords) {
  EXPECT_EQ(long_date("2026-11-26T01:04:51Z"), "26 November 2026, 01:04 UTC");
  EXPECT_EQ(long_date("2026-01-05T23:59:00Z"), "5 January 2026, 23:59 UTC");
}

TEST(Format, LeavesWhatIsNoDateAsItIs) {
  for (const char* text : {"", "yesterday", "2026-13-26T01:04:51Z", "2026-00-26T01:04:51Z", "2026-11-26 01:04:51Z",
                           "2026-11-26T01:04:51+01:00", "2o26-11-26T01:04:51Z"})
    EXPECT_EQ(long_date(text), text);
}

TEST(Format, MakesTitlesOfKeys) {
  EXPECT_EQ(title_of_key("validation_split"), "Validation split");
  EXPECT_EQ(title_of_key("val_loss"), "Validation loss");
  EXPECT_EQ(title_of_key(""), "");
}

}  // namespace
}  // namespace nib
