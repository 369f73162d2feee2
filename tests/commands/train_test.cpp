// Training runs of the real program on a small set: what they print, what they leave, and what they refuse.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Train, TellsTheNotebooksStepsInTheirOrder) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--out", "run"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  std::size_t place = 0;
  for (const std::string step :
       {"nib 0.",
        "Device: cpu, ",
        "Data: unknown IDX set from set",
        "150 training and 100 test images",
        "(150, 28, 28)   uint8  ->  (150, 28, 28, 1)   float32",
        "(100,)          uint8  ->  (100, 10)",
        "validation: last 15 of 150, before shuffling; 135 images to train on",
        "class    training  validation",
        "First training images",
        "Label: 0",
        "Model: \"sequential\"",
        "Total params: 225,034 (879.04 KB)",
        "Training: 135 images in 5 steps an epoch, batch 32",
        "Epoch 1/2 - 5/5 - ",
        "Epoch 2/2 - 5/5 - ",
        "First test images",
        "Predicted: ",
        "Confusion matrix",
        "Classification report",
        "weighted avg",
        "Test loss: ",
        "Test accuracy: ",
        "Score: none, as there are fewer than 500 validation images; nib predict will not tell what is no digit",
        "Files in run: run.json, checkpoint.safetensors, best.safetensors, history.csv, history.json, "
        "test_predictions.csv and "
        "model.safetensors\n",
        "weights sha256: "}) {
    const std::size_t found = ending.output.find(step, place);
    ASSERT_NE(found, std::string::npos) << step << "\nin\n" << ending.output;
    place = found;
  }
  EXPECT_THAT(ending.errors, IsEmpty());
}

TEST(Train, LeavesAllFilesOfARun) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--out", "run/"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(names_in(folder / "run"),
              ElementsAre("best.safetensors", "checkpoint.safetensors", "history.csv", "history.json",
                          "model.safetensors", "run.json", "test_predictions.csv"));
  const std::string history = contents(folder / "run/history.csv");
  EXPECT_THAT(history, StartsWith("epoch,accuracy,loss,val_accuracy,val_loss,seconds\n1,"));
  EXPECT_EQ(lines_of(history), 3u);
  EXPECT_THAT(json::parse(contents(folder / "run/history.json"))["val_loss"], SizeIs(2));
  const std::string predictions = contents(folder / "run/test_predictions.csv");
  EXPECT_THAT(predictions, StartsWith("index,true,predicted,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9\n0,0,"));
  EXPECT_EQ(lines_of(predictions), 1 + small_test_images);

  const json record = json::parse(contents(folder / "run/run.json"));
  EXPECT_EQ(record["status"], "finished");
  EXPECT_EQ(record["weights_sha256"], value_of(ending.output, "weights sha256: "));
  EXPECT_EQ(record["configuration"]["epochs"], 2);
  EXPECT_EQ(record["data"]["images"], json({{"training", 135}, {"validation", 15}, {"test", 100}}));
  EXPECT_EQ(record["data"]["class_counts"]["test"], json::array({10, 10, 10, 10, 10, 10, 10, 10, 10, 10}));
  EXPECT_THAT(record["data"]["files"], SizeIs(4));
  EXPECT_THAT(record["test"]["confusion_matrix"], SizeIs(10));
  EXPECT_THAT(record["history"]["loss"], SizeIs(2));
}

TEST(Train, WritesIntoDatedFoldersWithALinkToTheLatest) {
  const SmallSetFolder folder;
  for (int run = 0; run < 2; ++run) ASSERT_EQ(nib(small_training({"--epochs", "1"}), folder.path()).code, 0);
  const std::vector<std::string> names = names_in(folder / "runs");
  ASSERT_THAT(names, SizeIs(3));
  EXPECT_EQ(names[2], "latest");
  EXPECT_EQ(std::filesystem::read_symlink(folder / "runs/latest"), names[1]);
  EXPECT_TRUE(std::filesystem::exists(folder / "runs/latest/model.safetensors"));
}

TEST(Train, MakesTheSameWeightsWithAnyNumberOfThreads) {
  const SmallSetFolder folder;
  std::vector<std::string> hashes;
  for (const std::string threads : {"1", "2", "3"}) {
    const Ending ending = nib(small_training({"--threads", threads, "--quiet", "--out", threads}), folder.path());
    ASSERT_EQ(ending.code, 0) << ending.errors;
    hashes.push_back(value_of(ending.output, "weights sha256: "));
  }
  EXPECT_THAT(hashes[0], SizeIs(64));
  EXPECT_THAT(hashes, ElementsAre(hashes[0], hashes[0], hashes[0]));
}

TEST(Train, MakesOtherWeightsFromAnotherSeed) {
  const SmallSetFolder folder;
  const Ending one = nib(small_training({"--seed", "1", "--out", "1"}), folder.path());
  const Ending two = nib(small_training({"--seed", "2", "--out", "2"}), folder.path());
  EXPECT_NE(value_of(one.output, "weights sha256: "), value_of(two.output, "weights sha256: "));
}

TEST(Train, QuietlyTellsItsResultsOnly) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--quiet", "--out", "run"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, StartsWith("Test loss: "));
  EXPECT_EQ(lines_of(ending.output), 5u) << ending.output;
}

TEST(Train, WithJsonPrintsTheRunsRecordAlone) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--json", "--out", "run"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(ending.output, contents(folder / "run/run.json"));
  EXPECT_THAT(ending.errors, AllOf(HasSubstr("Epoch 1/2 - "), HasSubstr("weights sha256: ")));
  const json record = json::parse(ending.output);
  for (const std::string key :
       {"status", "started", "finished", "folder", "program", "machine", "engine", "repeatable", "configuration",
        "data", "history", "test", "weights_sha256", "seconds", "peak_memory_bytes", "files"})
    EXPECT_TRUE(record.contains(key)) << key;
}

TEST(Train, WithoutValidationLeavesItsFiguresOut) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--validation-split", "0", "--out", "run"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, AllOf(HasSubstr("validation: none, 150 images"), Not(HasSubstr("val_"))));
  EXPECT_THAT(contents(folder / "run/history.csv"), StartsWith("epoch,accuracy,loss,seconds\n"));
  EXPECT_FALSE(json::parse(contents(folder / "run/run.json"))["data"]["images"].contains("validation"));
}

TEST(Train, GoesOnFromGivenWeights) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--epochs", "8", "--out", "first"}), folder.path()).code, 0);
  const Ending ending = nib(small_training({"--epochs", "1", "--weights", "first", "--out", "second"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json first = json::parse(contents(folder / "first/history.json"));
  const json second = json::parse(contents(folder / "second/history.json"));
  EXPECT_LT(second["loss"][0], first["loss"][0].get<double>() / 2);
}

TEST(Train, DoesNotReplaceItsOwnStartWeights) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--epochs", "1", "--out", "run"}), folder.path()).code, 0);
  const std::string before = contents(folder / "run/model.safetensors");
  const Ending ending =
      nib(small_training({"--weights", "run/model.safetensors", "--out", "run", "--force"}), folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, HasSubstr("--out: run: the start weights would be replaced"));
  EXPECT_EQ(nib(small_training({"--weights", "run", "--out", "run", "--force"}), folder.path()).code, 2);
  EXPECT_EQ(contents(folder / "run/model.safetensors"), before);
}

TEST(Train, TakesAnExistingFolderOnlyByForceAndThenClearsOldResults) {
  const SmallSetFolder folder;
  std::filesystem::create_directory(folder / "run");
  for (const std::string name :
       {"interrupted.safetensors", "checkpoint-7.safetensors", "best.safetensors", "model.safetensors", "mine.txt"})
    make_file(folder / ("run/" + name), "old");
  const Ending refused = nib(small_training({"--out", "run"}), folder.path());
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(
      refused.errors,
      "nib: error: --out: run: the folder exists\n"
      "hint: nib train --resume run goes on with the run in it; --force writes into it and replaces the results of "
      "an earlier run\n");
  EXPECT_EQ(contents(folder / "run/model.safetensors"), "old");
  ASSERT_EQ(nib(small_training({"--out", "run", "--force"}), folder.path()).code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "run/interrupted.safetensors"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/checkpoint-7.safetensors"));
  EXPECT_NE(contents(folder / "run/model.safetensors"), "old");
  EXPECT_NE(contents(folder / "run/best.safetensors"), "old");
  EXPECT_EQ(contents(folder / "run/mine.txt"), "old");
}

TEST(Train, IntoTheLatestRunByForceReplacesThatRun) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "runs/one"}), folder.path()).code, 0);
  const Ending ending = nib(small_training({"--out", "runs/latest", "--force", "--seed", "7"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(std::filesystem::read_symlink(folder / "runs/latest"), "one");
  EXPECT_THAT(ending.output, HasSubstr("Files in runs/one: "));
  EXPECT_THAT(contents(folder / "runs/one/run.json"), HasSubstr("\"seed\": 7"));
}

TEST(Train, BadDataLeaveAForcedFolderAsItWas) {
  const SmallSetFolder folder;
  std::filesystem::create_directory(folder / "run");
  make_file(folder / "run/model.safetensors", "old");
  EXPECT_EQ(nib({"train", "--data", "nowhere", "--out", "run", "--force"}, folder.path()).code, 4);
  EXPECT_EQ(contents(folder / "run/model.safetensors"), "old");
  EXPECT_THAT(names_in(folder / "run"), ElementsAre("model.safetensors"));
}

TEST(Train, BadDataLeaveNoFolder) {
  const SmallSetFolder folder;
  make_file(folder / "set/train-labels-idx1-ubyte", "not IDX");
  EXPECT_EQ(nib(small_training(), folder.path()).code, 3);
  EXPECT_THAT(folder.names(), ElementsAre("set"));
}

TEST(Train, ASplitThatLeavesNothingIsRefused) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--validation-split", "0.9999"}), folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: --validation-split: "));
}

TEST(Train, ImagesThatDoNotFitTheNetworkAreRefusedWithBothSides) {
  const SmallSetFolder folder;
  write_set(folder / "wide", 20, 30, 40, 10);
  const Ending ending = nib({"train", "--data", "wide"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: wide: the images do not fit the network's input (expected 28x28x1, got 20x30x1)\n"
            "hint: --network FILE takes a network for other images\n");
}

TEST(Train, ANetworkForOtherImagesFits) {
  const SmallSetFolder folder;
  write_set(folder / "wide", 20, 30, 40, 10);
  make_file(folder / "wide.json",
            R"({"input":[20,30,1],"layers":[{"type":"flatten"},{"type":"dense","units":10,"activation":"softmax"}]})");
  const Ending ending = nib({"train", "--data", "wide", "--network", "wide.json", "--batch", "8"}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("(None, 600)"));
}

TEST(Train, ClassesThatDoNotFitTheNetworkAreRefusedWithBothSides) {
  const SmallSetFolder folder;
  make_file(folder / "set/labels.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n");
  const Ending ending = nib(small_training(), folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: set: the classes do not fit the network's output (expected 10, got 11)\n"
            "hint: --network FILE takes a network for other classes\n");
}

TEST(Train, AStepThatIsNotFiniteEndsTheRun) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--learning-rate", "1e30", "--out", "run"}), folder.path());
  EXPECT_EQ(ending.code, 6);
  EXPECT_THAT(ending.errors, testing::MatchesRegex("nib: error: training: step [0-9]+ is not finite \\(epoch [0-9]+, "
                                                   "step [0-9]+ of 5, learning rate 1e\\+30\\)\nhint: .*\n"));
  const json record = json::parse(contents(folder / "run/run.json"));
  EXPECT_EQ(record["status"], "failed");
  EXPECT_THAT(record["reason"], HasSubstr("is not finite"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/model.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(folder / "run/checkpoint.safetensors"));
}

/// Its checkpoint would lead to the same step again.
TEST(Train, ARunThatMetAStepThatIsNotFiniteIsToldNoWayOn) {
  const SmallSetFolder folder;
  const std::vector<std::string> training = small_training({"--learning-rate", "1e30", "--out", "run"});
  ASSERT_EQ(nib(training, folder.path()).code, 6);
  const json record = json::parse(contents(folder / "run/run.json"));
  EXPECT_THAT(record["reason"], HasSubstr("step " + record["nonfinite_step"].dump() + " is not finite"));
  EXPECT_THAT(nib({"runs", "run"}, folder.path()).output, testing::Not(HasSubstr("--resume")));
  EXPECT_EQ(json::parse(nib({"runs", "run", "--json"}, folder.path()).output)["runs"][0]["way_on"], nullptr);
  EXPECT_EQ(nib(training, folder.path()).errors,
            "nib: error: --out: run: the folder exists\n"
            "hint: --force writes into it and replaces the results of an earlier run\n");
  EXPECT_EQ(nib({"train", "--resume", "run", "--no-pictures"}, folder.path()).code, 6) << "else it had a way on";
  EXPECT_EQ(json::parse(contents(folder / "run/run.json"))["nonfinite_step"], record["nonfinite_step"]);
}

}  // namespace
}  // namespace nib
