// Runs with augmentation and smoothed labels: what they leave, and that they go on from anywhere as if they had never
// stopped.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/small_set.h"
#include "runs/made_run.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Dropout makes the bits depend on the step, too.
constexpr const char* small_network = R"({"input": [28, 28, 1], "layers": [
    {"type": "convolution", "filters": 3, "kernel": [3, 3], "activation": "relu"}, {"type": "max_pool", "size": [4, 4]},
    {"type": "dropout", "rate": 0.3}, {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]})";

class AugmentedRun : public testing::Test {
 protected:
  AugmentedRun() { make_file(folder / "net.json", small_network); }

  /// Three epochs of 34 steps.
  Ending train(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"train",    "--data",   "set",   "--network", "net.json",
                                          "--device", "cpu",      "--out", out,         "--batch",
                                          "4",        "--epochs", "3",     "--seed",    "5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }

  const SmallSetFolder folder{};
};

TEST_F(AugmentedRun, HasTheSameBitsOnAnyThreadsAndFromAnyCut) {
  const std::vector<std::string> how = {"--augment", "scale=0.1,shift=2,rotate=10", "--label-smoothing", "0.1",
                                        "--no-pictures"};
  std::vector<std::string> whole = how;
  whole.insert(whole.end(), {"--threads", "1", "--save-every", "17", "--keep", "20"});
  const Ending ending = train("whole", whole);
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("\nAugmentation: shift up to 2 pixels, rotation up to 10 degrees, scale up to 10 %\n"),
                    HasSubstr("\nLabel smoothing: 0.1, also in the loss of validation and test\n")));
  const json hash = record("whole")["weights_sha256"];
  std::vector<std::string> threads = how;
  threads.insert(threads.end(), {"--threads", "3"});
  ASSERT_EQ(train("threads", threads).code, 0);
  EXPECT_EQ(record("threads")["weights_sha256"], hash);
  ASSERT_EQ(train("plain", {"--no-pictures"}).code, 0);
  EXPECT_NE(record("plain")["weights_sha256"], hash);
  for (const int cut : {17, 34, 51, 68, 85}) {
    const std::string file = "whole/checkpoint-" + std::to_string(cut) + ".safetensors";
    const std::string out = "cut" + std::to_string(cut);
    const Ending resumed = run({"train", "--resume", file, "--out", out, "--no-pictures"});
    ASSERT_EQ(resumed.code, 0) << resumed.errors;
    EXPECT_EQ(record(out)["weights_sha256"], hash) << cut;
    EXPECT_EQ(record(out)["test"], record("whole")["test"]) << cut;
  }
}

TEST_F(AugmentedRun, KeepsItsSettings) {
  ASSERT_EQ(train("run", {"--augment", "rotate=10.50,shift=2", "--label-smoothing", "0.2", "--no-pictures"}).code, 0);
  const json configuration = record("run")["configuration"];
  EXPECT_EQ(configuration["augment"], "shift=2,rotate=10.5");
  EXPECT_EQ(configuration["label_smoothing"], 0.2);
  EXPECT_THAT(record("run")["command"].get<std::string>(),
              HasSubstr(" --augment shift=2,rotate=10.5 --label-smoothing 0.2"));
  const auto refused = [&](const std::vector<std::string>& more, const std::string& line) {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--epochs", "4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, 2);
    EXPECT_THAT(ending.errors, HasSubstr(line));
  };
  refused({"--augment", "shift=2"},
          "nib: error: --augment: the run to resume has another one (expected \"shift=2,rotate=10.5\", got "
          "\"shift=2\")\n");
  refused({"--label-smoothing", "0"},
          "nib: error: --label-smoothing: the run to resume has another one (expected 0.2, got 0)\n");
  const Ending same = run({"train", "--resume", "run", "--epochs", "4", "--augment", "rotate=10.5,shift=2",
                           "--label-smoothing", "0.2", "--no-pictures"});
  EXPECT_EQ(same.code, 0) << same.errors;

  ASSERT_EQ(train("plain", {"--no-pictures", "--augment", "shift=0,scale=0", "--label-smoothing", "0"}).code, 0);
  EXPECT_FALSE(record("plain")["configuration"].contains("augment"));
  EXPECT_FALSE(record("plain")["configuration"].contains("label_smoothing"));
  const Ending other = run({"train", "--resume", "plain", "--epochs", "4", "--augment", "shift=1"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.errors, HasSubstr("--augment: the run to resume has another one (expected none, got \"shift=1\")"));
}

TEST_F(AugmentedRun, ShowsWhatItWasTrainedOn) {
  const Ending ending = train("run", {"--augment", "shift=2,rotate=10", "--label-smoothing", "0.1"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  for (const char* const name : {"augmentation.png", "augmentation.svg"}) {
    EXPECT_TRUE(fs::exists(folder / "run" / name)) << name;
    EXPECT_THAT(record("run")["files"], Contains(name));
  }
  const std::string page = contents(folder / "run/report.html");
  EXPECT_THAT(page, AllOf(HasSubstr("figure-augmentation"), HasSubstr("rotation ±10°"), HasSubstr("shift=2,rotate=10"),
                          HasSubstr("Label smoothing")));
  // The page is made of the files alone, which belong together: the loss of smoothed labels, too.
  const Ending again = run({"report", "run"});
  ASSERT_EQ(again.code, 0) << again.errors;
  EXPECT_EQ(contents(folder / "run/report.html"), page);

  ASSERT_EQ(train("run", {"--force"}).code, 0);
  EXPECT_FALSE(fs::exists(folder / "run/augmentation.png")) << "of the run before";
  EXPECT_THAT(contents(folder / "run/report.html"), Not(HasSubstr("ugment")));
}

/// A record is anyone's: what it says is checked as what a user says.
TEST_F(AugmentedRun, RefusesARecordWithOthers) {
  ASSERT_EQ(train("run", {"--augment", "shift=2", "--label-smoothing", "0.1"}).code, 0);
  const json before = record("run");
  const auto refused = [&](const char* key, const json& value, const std::string& message) {
    json changed = before;
    changed["configuration"][key] = value;
    make_file(folder / "run/run.json", sealed_text(changed.dump()));
    const Ending ending = run({"report", "run"});
    EXPECT_EQ(ending.code, 3);
    EXPECT_THAT(ending.errors, HasSubstr(message));
  };
  refused("augment", "shift=2,turn=1", "run/run.json: configuration.augment: no augmentation (expected some of");
  refused("augment", 7, "configuration.augment");
  refused("label_smoothing", 1.5, "run/run.json: configuration.label_smoothing: out of range");
  refused("label_smoothing", 0.3, "their mean loss is another than in run.json");
}

}  // namespace
}  // namespace nib
