#include "runs/sweep_run.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"

namespace nib {
namespace {

std::string told_by(const std::string& log) {
  const TemporaryFolder run;
  make_file(run / "train.log", log);
  return error_in_log(run.path());
}

TEST(ErrorInLog, IsWhatTheLogEndsWith) {
  const std::string epochs = "Epoch 1/2 - loss: 1\n";
  EXPECT_EQ(told_by(epochs + "nib: error: x.idx: is gone\n"), "x.idx: is gone");
  EXPECT_EQ(told_by("nib: error: x.idx: is gone\nhint: bring it back\n"), "x.idx: is gone");
  EXPECT_EQ(told_by("nib: error: one\n" + epochs + "nib: error: another\nhint: none"), "another");
  EXPECT_EQ(told_by(std::string(200'000, '\n') + "nib: error: cut\x01 off"), "cut\\x01 off");
}

TEST(ErrorInLog, IsNothingThatARunWentOnBehind) {
  const std::string epochs = "Epoch 1/2 - loss: 1\n";
  EXPECT_EQ(told_by("nib: error: before\n" + epochs), "");
  EXPECT_EQ(told_by("nib: error: before\nhint: go on\n" + epochs), "");
  EXPECT_EQ(told_by(epochs + "nib: warning: no nib: error: here\n"), "");
  EXPECT_EQ(told_by(""), "");
  EXPECT_EQ(error_in_log("nowhere"), "");
}

}  // namespace
}  // namespace nib
