// --limit N: the first N images of each part, and every command and file that tells of them says so.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const char* const told = ", the first 50 images of each part only\n";

class Limit : public testing::Test {
 protected:
  Limit() : training(nib(drawn_training({"--limit", "50", "--epochs", "1", "--out", "run"}), folder.path())) {}

  const SmallSetFolder folder;
  const Ending training;
};

TEST_F(Limit, IsToldByTheRunAndItsRecord) {
  ASSERT_EQ(training.code, 0) << training.errors;
  EXPECT_THAT(training.output, AllOf(HasSubstr(told), HasSubstr("  50 training and 50 test images\n"),
                                     HasSubstr("Training: 45 images in 2 steps an epoch, batch 32, ")));
  const json record = json::parse(contents(folder / "run/run.json"));
  EXPECT_EQ(record["configuration"]["limit"], 50);
  EXPECT_EQ(record["data"]["limit"], 50);
  EXPECT_EQ(record["data"]["images"], json({{"training", 45}, {"validation", 5}, {"test", 50}}));
  EXPECT_EQ(record["test"]["images"], 50);
  EXPECT_THAT(record["command"].get<std::string>(), HasSubstr(" --limit 50"));
  EXPECT_THAT(contents(folder / "run/report.html"), HasSubstr("on the first 50 images of each part only."));
}

TEST_F(Limit, IsOfTheReportThatIsMadeAgain) {
  const std::string page = contents(folder / "run/report.html");
  std::filesystem::remove(folder / "run/report.html");
  const Ending ending = nib({"report", "run"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(contents(folder / "run/report.html"), page);
}

TEST_F(Limit, IsToldWithTheWeights) {
  const Ending whole = nib({"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu"}, folder.path());
  EXPECT_THAT(whole.output, AllOf(HasSubstr("Weights: run/model.safetensors, from the first 50 training images only\n"),
                                  Not(HasSubstr(told))));
  const Ending part = nib({"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu", "--limit", "50",
                           "--json", "--out", "results"},
                          folder.path());
  ASSERT_EQ(part.code, 0) << part.errors;
  EXPECT_THAT(part.errors, HasSubstr(told));
  const json document = json::parse(part.output);
  EXPECT_EQ(document["data"]["limit"], 50);
  EXPECT_EQ(document["test"]["images"], 50);
  EXPECT_EQ(contents(folder / "results/test_predictions.csv"), contents(folder / "run/test_predictions.csv"));
}

TEST_F(Limit, KeepsRunsFromBeingComparedOnOtherImages) {
  ASSERT_EQ(nib(small_training({"--epochs", "1", "--out", "whole"}), folder.path()).code, 0);
  const Ending ending = nib({"compare", "run", "whole"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("whole: test_predictions.csv: another number of test images than run (expected "
                                       "50, got 100)\n"));
}

TEST(LimitOfABench, IsTold) {
  const SmallSetFolder folder;
  const Ending ending =
      nib({"bench", "--data", "set", "--device", "cpu", "--epochs", "1", "--limit", "20", "--json"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, HasSubstr(", the first 20 images of each part only\n"
                                       "Training: 18 images, batch 18; validation: 2 images\n"));
  const json document = json::parse(ending.output);
  EXPECT_EQ(document["limit"], 20);
  EXPECT_EQ(document["batch"], 18);
  EXPECT_EQ(document["training_images"], 18);
}

TEST(LimitOfABench, LeavesAnImageForEachPart) {
  const SmallSetFolder folder;
  const Ending ending = nib({"bench", "--data", "set", "--limit", "1"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors, "nib: error: set: too few training images to measure with (expected 2 or more, got 1)\n");
}

TEST(LimitOption, IsAWholeNumberFrom1) {
  for (const char* wrong : {"0", "-1", "1.5", "many", "10000001"}) {
    const Ending ending = nib({"train", "--limit", wrong}, ".");
    EXPECT_EQ(ending.code, 2) << wrong;
    EXPECT_THAT(ending.errors, HasSubstr("nib: error: --limit: ")) << wrong;
  }
}

TEST(LimitThatCutsNothing, IsASettingOnly) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--limit", "150", "--epochs", "1", "--out", "run"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, Not(HasSubstr("of each part")));
  const json record = json::parse(contents(folder / "run/run.json"));
  EXPECT_EQ(record["configuration"]["limit"], 150);
  EXPECT_FALSE(record["data"].contains("limit"));
}

}  // namespace
}  // namespace nib
