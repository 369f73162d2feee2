#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// From the line that begins with `first` to the one that begins with `last`.
std::string part_of(const std::string& text, const std::string& first, const std::string& last) {
  const std::size_t begin = text.find(first), end = text.find(last, begin);
  if (begin == std::string::npos || end == std::string::npos) return "no part from " + first + " to " + last;
  return text.substr(begin, text.find('\n', end) - begin);
}

class Evaluate : public testing::Test {
 protected:
  Evaluate() : training(nib(small_training({"--out", "run"}), folder.path())) {}
  Ending evaluate(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nib(arguments, folder.path());
  }

  const SmallSetFolder folder;
  const Ending training;
};

TEST_F(Evaluate, PrintsTheFiguresOfTheTrainingRunsEnd) {
  const Ending ending = evaluate({"--threads", "2"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(part_of(ending.output, "Test loss: ", "Test accuracy: "),
            part_of(training.output, "Test loss: ", "Test accuracy: "));
  EXPECT_EQ(part_of(ending.output, "Confusion matrix", "weighted avg"),
            part_of(training.output, "Confusion matrix", "weighted avg"));
}

TEST_F(Evaluate, WithJsonPrintsOneDocument) {
  const Ending ending = evaluate({"--json"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  const json record = json::parse(contents(folder / "run/run.json"));
  EXPECT_EQ(document["test"], record["test"]);
  EXPECT_EQ(document["weights_sha256"], record["weights_sha256"]);
  EXPECT_THAT(document["data"]["files"], SizeIs(2));
  EXPECT_THAT(document["report"].get<std::string>(), HasSubstr("weighted avg"));
  for (const std::string key : {"program", "engine", "weights", "network", "seconds"})
    EXPECT_TRUE(document.contains(key)) << key;
  EXPECT_THAT(ending.errors, HasSubstr("Test accuracy: "));
}

TEST_F(Evaluate, WritesPredictionsAndFigures) {
  const Ending ending = evaluate({"--out", "results"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(contents(folder / "results/test_predictions.csv"), contents(folder / "run/test_predictions.csv"));
  EXPECT_EQ(json::parse(contents(folder / "results/evaluation.json"))["test"]["images"], small_test_images);
  EXPECT_EQ(evaluate({"--out", "results"}).code, 2);
  EXPECT_EQ(evaluate({"--out", "results", "--force"}).code, 0);
}

TEST_F(Evaluate, DoesNotReplaceWhatATrainingRunWrote) {
  const std::string before = contents(folder / "run/test_predictions.csv");
  for (const std::string out : {"run", "run/"}) {
    const Ending ending = evaluate({"--out", out, "--force"});
    EXPECT_EQ(ending.code, 2);
    EXPECT_EQ(ending.errors, "nib: error: --out: " + out +
                                 ": holds a training run, whose predictions and pictures would be replaced\n"
                                 "hint: choose another folder, such as evaluation in it\n");
  }
  EXPECT_EQ(contents(folder / "run/test_predictions.csv"), before);
  EXPECT_FALSE(std::filesystem::exists(folder / "run/evaluation.json"));
  EXPECT_EQ(evaluate({"--out", "run/evaluation"}).code, 0);
  EXPECT_EQ(nib({"report", "run"}, folder.path()).code, 0);
}

TEST_F(Evaluate, TakesTheFolderOfTheRun) {
  const Ending ending = nib({"evaluate", "run", "--data", "set", "--device", "cpu", "--quiet"}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(ending.output, evaluate({"--quiet"}).output);
  const Ending set = nib({"evaluate", "set"}, folder.path());
  EXPECT_EQ(set.code, 3);
  EXPECT_EQ(set.errors,
            "nib: error: set: no model.safetensors in this folder (expected a weights file, or the folder of a run)\n"
            "hint: the folder of a run has one\n");
}

TEST_F(Evaluate, ReportsWithAsManyDigitsAsAskedFor) {
  const Ending ending = evaluate({"--digits", "5", "--quiet"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, StartsWith("Confusion matrix\n"));
  EXPECT_THAT(ending.output, testing::EndsWith(" of 100)\n")) << "the result stands last";
  EXPECT_THAT(value_of(ending.output, "weighted avg"), testing::MatchesRegex("( +[01]\\.[0-9]{5}){3} +100"));
}

TEST_F(Evaluate, AsksForTheDataOfWeightsThatWereTrainedOnANamelessSet) {
  const Ending ending = nib({"evaluate", "run/model.safetensors"}, folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors,
            "nib: error: --data: missing\n"
            "hint: the weights were trained on a set that has no name: give its folder\n");
}

TEST_F(Evaluate, RefusesANetworkThatTheWeightsAreNotOf) {
  make_file(folder / "other.json",
            R"({"input":[28,28,1],"layers":[{"type":"flatten"},{"type":"dense","units":10,"activation":"softmax"}]})");
  const Ending ending = evaluate({"--network", "other.json"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: run/model.safetensors: "));
  EXPECT_THAT(ending.output, IsEmpty());
}

TEST_F(Evaluate, RefusesWeightsWithAFlippedBit) {
  std::string bytes = contents(folder / "run/model.safetensors");
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 1);
  make_file(folder / "run/model.safetensors", bytes);
  const Ending ending = evaluate({});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, AllOf(StartsWith("nib: error: run/model.safetensors: "), HasSubstr("sha256")));
  EXPECT_THAT(ending.output, IsEmpty());
}

}  // namespace
}  // namespace nib
