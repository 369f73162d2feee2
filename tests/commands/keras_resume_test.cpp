// Trainings that began in Keras and go on here. The .keras was made by real Keras (tests/golden/keras/make_small.py).

#include <gmock/gmock.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "commands/small_set.h"
#include "hdf5/hdf5_file.h"
#include "support/golden.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class KerasResume : public testing::Test {
 protected:
  void SetUp() override {
    if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  }

  Ending train(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"train", "--device", "cpu", "--no-pictures", "--out", "run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(arguments, folder.path());
  }
  json record() const { return json::parse(contents(folder / "run/run.json")); }

  /// Of a command without quotes, behind the program's name.
  static std::vector<std::string> words_of(const std::string& command) {
    std::istringstream text(command.substr(command.find(' ')));
    return {std::istream_iterator<std::string>(text), {}};
  }

  const std::string keras = golden::path("keras/small/small.keras").string();
  const TemporaryFolder folder;
};

TEST_F(KerasResume, StartsARunFromWhereKerasWas) {
  const Ending ending = train({"--resume", keras, "--limit", "300", "--epochs", "1"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("Start weights: " + keras +
                                       "\nGoing on behind step 300 in Keras, with the state of its optimizer\n"));
  EXPECT_EQ(record()["configuration"]["steps_before"], 300);
  EXPECT_EQ(record()["configuration"]["learning_rate"], 0.001);
  EXPECT_THAT(record()["command"].get<std::string>(), HasSubstr("--resume " + keras));
}

TEST_F(KerasResume, HasTheRateOfARecipe) {
  ASSERT_EQ(train({"--resume", keras, "--limit", "300", "--recipe", "fast"}).code, 0);
  EXPECT_EQ(record()["configuration"]["recipe"], "fast");
  EXPECT_NE(record()["configuration"]["learning_rate"], 0.001);
  const json weights = record()["weights_sha256"];
  const std::string command = record()["command"];
  const Ending again = nib(words_of(command + " --out again --no-pictures"), folder.path());
  ASSERT_EQ(again.code, 0) << again.errors;
  EXPECT_EQ(json::parse(contents(folder / "again/run.json"))["weights_sha256"], weights);
}

TEST_F(KerasResume, TakesOtherStepsThanWithoutTheStateOfItsOptimizer) {
  ASSERT_EQ(train({"--resume", keras, "--limit", "300", "--epochs", "1"}).code, 0);
  const json with = record()["weights_sha256"];
  ASSERT_EQ(train({"--weights", keras, "--limit", "300", "--epochs", "1", "--force"}).code, 0);
  EXPECT_NE(record()["weights_sha256"], with);
}

TEST_F(KerasResume, GoesOnItselfInTheSameBits) {
  ASSERT_EQ(train({"--resume", keras, "--limit", "300", "--epochs", "2"}).code, 0);
  const json whole = record()["weights_sha256"];
  ASSERT_EQ(train({"--resume", keras, "--limit", "300", "--epochs", "1", "--force"}).code, 0);
  const Ending ending = nib({"train", "--resume", "run", "--epochs", "2", "--no-pictures"}, folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(record()["weights_sha256"], whole);
  EXPECT_EQ(record()["configuration"]["steps_before"], 300);
}

TEST_F(KerasResume, RefusesStartWeightsBesideIt) {
  EXPECT_THAT(train({"--resume", keras, "--weights", keras}).errors,
              HasSubstr("nib: error: --weights: the file to resume has its own\n"));
}

}  // namespace
}  // namespace nib
