#include "data/label_checks.h"

#include <gtest/gtest.h>

#include "data/idx_files.h"

namespace nib {
namespace {

Error error_with(const Bytes& labels, std::size_t classes, const std::string& hint = "") {
  return error_of([&] { check_labels(labels, {.path = "set/labels"}, classes, "the network is small", hint); });
}

TEST(LabelChecks, TakeEveryLabelThatIsAClass) {
  check_labels(Bytes{0, 9, 3}, {.path = "f"}, 10, "");
  check_labels(Bytes{255}, {.path = "f"}, 256, "");
}

TEST(LabelChecks, NameTheFirstStrayLabelWithItsByte) {
  const Error error = error_with({0, 1, 2, 10, 4, 255}, 10, "take another");
  EXPECT_EQ(error.code(), ExitCode::bad_input);
  EXPECT_STREQ(error.what(), "set/labels: label 3 at byte 11: the network is small (expected 0 to 9, got 10)");
  EXPECT_EQ(error.problem().hint, "2 of 6 labels are no class; take another");
  EXPECT_EQ(error_with({0, 1, 10}, 10).problem().hint, "1 of 3 labels is no class");
}

TEST(LabelChecks, SayThatLabelsBeginAt1) {
  const std::string hint = "the labels begin at 1, and nib counts classes from 0: take 1 from each of them";
  EXPECT_EQ(error_with({1, 3, 2, 3}, 3, "take another").problem().hint, hint);
  EXPECT_NE(error_with({1, 3, 2, 0}, 3).problem().hint, hint);
  EXPECT_NE(error_with({1, 3, 1, 1}, 3).problem().hint, hint) << "too few to be sure";
  EXPECT_NE(error_with({1, 3, 2, 4}, 3).problem().hint, hint);
}

TEST(LabelChecks, TellLabelsThatBeginAt1FromThoseThatLackSome) {
  EXPECT_TRUE(begin_at_1(Bytes{2, 1}));
  for (const Bytes& others : {Bytes{}, Bytes{1}, Bytes{0, 1, 2}, Bytes{2, 3}, Bytes{1, 2, 4}, Bytes{1, 2, 255}})
    EXPECT_FALSE(begin_at_1(others));
}

TEST(LabelChecks, LeaveManyToTheHint) {
  EXPECT_EQ(error_with({7, 8, 9, 0}, 5, "take another").problem().hint, "take another");
}

}  // namespace
}  // namespace nib
