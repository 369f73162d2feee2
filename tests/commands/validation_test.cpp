// Which images a run holds out for validation.

#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/kept_sets.h"
#include "commands/small_set.h"
#include "data/catalogue.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class HeldOutOfARun : public testing::Test {
 protected:
  Ending train(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(small_training(arguments), folder.path());
  }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }

  const SmallSetFolder folder{};
};

TEST_F(HeldOutOfARun, IsToldRecordedAndKeptWhenTheRunGoesOn) {
  const Ending last = train("last", {}), random = train("random", {"--validation", "random"}),
               stratified = train("stratified", {"--validation", "stratified"});
  ASSERT_EQ(last.code, 0) << last.errors;
  ASSERT_EQ(random.code, 0) << random.errors;
  ASSERT_EQ(stratified.code, 0) << stratified.errors;
  EXPECT_THAT(last.output, HasSubstr("validation: last 15 of 150, before shuffling; 135 images to train on\n"));
  EXPECT_THAT(random.output, HasSubstr("validation: 15 of 150 at random, before shuffling; 135 images to train on\n"));
  EXPECT_THAT(stratified.output, HasSubstr("validation: 15 of 150 at random, the same part of each class, before "));
  EXPECT_FALSE(record("last")["configuration"].contains("validation"));
  EXPECT_EQ(record("random")["configuration"]["validation"], "random");
  EXPECT_THAT(record("random")["command"], HasSubstr(" --validation random"));
  EXPECT_NE(record("random")["weights_sha256"], record("last")["weights_sha256"]);
  EXPECT_NE(record("random")["weights_sha256"], record("stratified")["weights_sha256"]);
  const auto counts = record("stratified")["data"]["class_counts"]["validation"];
  for (const std::uint64_t held : counts) {
    EXPECT_GE(held, 1u);
    EXPECT_LE(held, 2u);
  }

  const auto resume = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume",      "random",   "--out",
                                          out,     "--no-pictures", "--epochs", "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(arguments, folder.path());
  };
  ASSERT_EQ(resume("longer", {}).code, 0);
  ASSERT_EQ(train("whole", {"--validation", "random", "--epochs", "3"}).code, 0);
  EXPECT_EQ(record("longer")["weights_sha256"], record("whole")["weights_sha256"]);
  EXPECT_EQ(record("longer")["history"]["val_loss"], record("whole")["history"]["val_loss"]);
  const Ending refused = resume("other", {"--validation", "last"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors,
              HasSubstr("--validation: the run to resume has another one (expected \"random\", got \"last\")"));
}

TEST_F(HeldOutOfARun, MayBeADataSetOfItsOwn) {
  write_set(folder / "other", 28, 28, 40, 30);
  const Ending whole = train("whole", {"--validation-data", "other", "--epochs", "2"});
  ASSERT_EQ(whole.code, 0) << whole.errors;
  EXPECT_EQ(whole.errors, "");
  EXPECT_THAT(whole.output, HasSubstr("\n  150 training and 100 test images\n"));
  EXPECT_THAT(whole.output, HasSubstr("  validation: 30 images, the test part of other; 150 images to train on\n"));
  const json all = record("whole");
  EXPECT_EQ(all["configuration"]["validation_split"], 0);
  EXPECT_EQ(all["configuration"]["validation_data"], (folder / "other").string());
  EXPECT_THAT(all["configuration"]["validation_sha256"], testing::SizeIs(2));
  EXPECT_EQ(all["data"]["images"], json({{"training", 150}, {"validation", 30}, {"test", 100}}));
  EXPECT_THAT(all["command"], HasSubstr(" --validation-split 0 "));
  EXPECT_THAT(all["command"], HasSubstr(" --validation-data other"));

  ASSERT_EQ(train("run", {"--validation-data", "other", "--epochs", "1"}).code, 0);
  const auto resume = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--out", out, "--no-pictures", "--epochs", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(arguments, folder.path());
  };
  const Ending next = resume("next", {});
  ASSERT_EQ(next.code, 0) << next.errors;
  EXPECT_EQ(record("next")["history"]["val_loss"], all["history"]["val_loss"]);
  EXPECT_EQ(record("next")["weights_sha256"], all["weights_sha256"]);
  EXPECT_EQ(nib({"report", "next"}, folder.path()).code, 0);
  EXPECT_EQ(nib({"compare", "next", "whole"}, folder.path()).code, 0);
  fs::rename(folder / "other", folder / "moved");
  EXPECT_NE(resume("lost", {}).code, 0);
  EXPECT_EQ(resume("moved-too", {"--validation-data", "moved"}).code, 0);
  const Ending refused = resume("else", {"--validation-data", "set"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.errors, HasSubstr("set: other validation data than the run to resume had: their SHA-256 is"));
  EXPECT_FALSE(fs::exists(folder / "else/run.json"));
}

TEST_F(HeldOutOfARun, AFolderOfPicturesIsTakenWhole) {
  const DataCollection other = load_data((folder / "set").string());
  write_pictures(folder / "pictures", other.test);
  ASSERT_EQ(train("run", {"--validation-data", "pictures", "--epochs", "1"}).code, 0);
  EXPECT_EQ(record("run")["data"]["images"]["validation"], 100);
  const Ending same = nib({"train", "--data", "pictures", "--validation-data", "pictures", "--epochs", "1", "--out",
                           "same", "--no-pictures", "--device", "cpu"},
                          folder.path());
  EXPECT_THAT(same.errors, HasSubstr("pictures: its images are also of the set that the run is trained and tested on"));
}

TEST_F(HeldOutOfARun, IsRefusedWhereItDoesNotFit) {
  write_set(folder / "small", 20, 20, 40, 30);
  const Ending both = train("run", {"--validation-data", "set", "--validation-split", "0.2"});
  EXPECT_EQ(both.code, 2);
  EXPECT_EQ(both.errors,
            "nib: error: --validation-split: nothing is held out where the validation images are a set of their own "
            "(expected one of the two, got 0.2 beside --validation-data)\n");
  EXPECT_EQ(train("run", {"--validation-data", "set", "--validation", "random"}).code, 2);
  const Ending size = train("run", {"--validation-data", "small"});
  EXPECT_EQ(size.code, 3);
  EXPECT_THAT(size.errors, HasSubstr("small"));
  const Ending nowhere = train("run", {"--validation-data", "nowhere"});
  EXPECT_NE(nowhere.code, 0);
  EXPECT_THAT(nowhere.errors, HasSubstr("nowhere"));
  EXPECT_THAT(nowhere.errors, testing::Not(HasSubstr("--data")));
  EXPECT_FALSE(fs::exists(folder / "run"));
  const Ending same = train("run", {"--validation-data", "set"});
  EXPECT_EQ(same.code, 0);
  EXPECT_THAT(same.errors, HasSubstr("nib: warning: set: its images are also of the set that the run is trained and"));
}

}  // namespace
}  // namespace nib
