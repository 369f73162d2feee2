// Which images a run holds out for validation.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

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
  for (const std::uint64_t held : record("stratified")["data"]["class_counts"]["validation"]) {
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

}  // namespace
}  // namespace nib
