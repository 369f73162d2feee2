// Runs that stop and go on: they end in the bits of one that never stopped.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "commands/small_set.h"
#include "runs/made_run.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A network with all kinds of layers, dropout among them, that takes no time.
constexpr const char* small_network = R"({"input": [28, 28, 1], "layers": [
    {"type": "convolution", "filters": 3, "kernel": [3, 3], "activation": "relu"}, {"type": "max_pool", "size": [4, 4]},
    {"type": "dropout", "rate": 0.3}, {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]})";

/// What a run leaves, but for times and dates.
struct Results {
  std::string weights, predictions, history;
  json figures;
  bool operator==(const Results&) const = default;
};

class Resume : public testing::Test {
 protected:
  Resume() { make_file(folder / "net.json", small_network); }

  std::vector<std::string> training(const std::string& out, const std::string& epochs,
                                    const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train",    "--data", "set",      "--network",    "net.json",
                                          "--device", "cpu",    "--epochs", epochs,         "--batch",
                                          "4",        "--out",  out,        "--no-pictures"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }

  Results results(const std::string& out) const {
    const json all = record(out);
    EXPECT_EQ(all["status"], "finished");
    Results results{.weights = all["weights_sha256"],
                    .predictions = contents(folder / (out + "/test_predictions.csv")),
                    .history = {},
                    .figures = {all["history"], all["step_curve"], all["test"]}};
    results.figures[0].erase("seconds");
    std::istringstream lines(contents(folder / (out + "/history.csv")));
    for (std::string line; std::getline(lines, line);) results.history += line.substr(0, line.rfind(',')) + '\n';
    return results;
  }

  const SmallSetFolder folder{};
};

TEST_F(Resume, EndsInTheBitsOfARunThatNeverStopped) {
  ASSERT_EQ(run(training("whole", "6")).code, 0);
  std::mt19937 random{5};
  std::uniform_int_distribution<int> microseconds(0, 25'000);
  const int signals[] = {SIGINT, SIGTERM, SIGKILL};
  const std::vector<std::string> begin = training("stopped", "6", {"--save-every", "3"});
  std::size_t stops = 0;
  bool finished = false;
  for (int piece = 0; !finished; ++piece) {
    ASSERT_LT(piece, 200);
    const bool can_resume = fs::exists(folder / "stopped/checkpoint.safetensors");
    std::vector<std::string> arguments = begin;
    if (can_resume) {
      arguments = {"train", "--resume", "stopped", "--no-pictures", "--save-every", "5"};
    } else if (fs::exists(folder / "stopped")) {
      arguments.emplace_back("--force");
    }
    arguments.insert(arguments.end(), {"--threads", std::to_string(1 + piece % 3)});
    Program program(arguments);
    program.in(folder.path()).start();
    if (stops < 20) {
      program.wait_for_output("Training: ");
      std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
      program.signal(signals[piece % 3]);
    }
    const Ending ending = program.wait();
    // A signal may come too late to stop anything.
    finished = fs::exists(folder / "stopped/run.json") && record("stopped")["status"] == "finished";
    stops += finished ? 0 : 1;
    ASSERT_THAT(ending.code, testing::AnyOf(0, 130, 143, 137)) << ending.errors;
  }
  EXPECT_GE(stops, 3u);
  EXPECT_EQ(results("stopped"), results("whole"));
  const json told = record("stopped")["stops"];
  EXPECT_GE(told.size(), 1u);
  EXPECT_LE(told.size(), stops);
}

TEST_F(Resume, TrainsAFinishedRunFurther) {
  ASSERT_EQ(run(training("whole", "3")).code, 0);
  ASSERT_EQ(run(training("short", "2")).code, 0);
  const Ending refused = run({"train", "--resume", "short"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.errors,
            "nib: error: --resume: short/checkpoint.safetensors: the run has its 2 epochs behind it\n"
            "hint: --epochs 7 trains it further\n");
  const Ending ending = run({"train", "--resume", "short", "--epochs", "3", "--no-pictures"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("Resuming short/checkpoint.safetensors: 2 epochs done before\n"));
  EXPECT_EQ(results("short"), results("whole"));
  EXPECT_EQ(record("short")["stops"][0]["reason"], "finished");
  EXPECT_EQ(record("short")["stops"][0]["step"], 68);
}

TEST_F(Resume, GoesOnInAnotherFolderAndLeavesTheOldOneAsItWas) {
  ASSERT_EQ(run(training("short", "1")).code, 0);
  const std::string before = contents(folder / "short/run.json");
  ASSERT_EQ(run({"train", "--resume", "short", "--epochs", "2", "--out", "next", "--no-pictures"}).code, 0);
  ASSERT_EQ(run(training("whole", "2")).code, 0);
  EXPECT_EQ(results("next"), results("whole"));
  EXPECT_EQ(contents(folder / "short/run.json"), before);
}

TEST_F(Resume, RefusesOtherSettingsByTheirNames) {
  ASSERT_EQ(run(training("run", "1")).code, 0);
  const std::string before = contents(folder / "run/run.json");
  const auto refused = [&](const std::vector<std::string>& more, const std::string& line) {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--epochs", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, 2);
    EXPECT_THAT(ending.errors, HasSubstr(line));
  };
  refused({"--batch", "32"}, "nib: error: --batch: the run to resume has another one (expected 4, got 32)\n");
  refused({"--seed", "7"}, "nib: error: --seed: the run to resume has another one (expected 0, got 7)\n");
  refused({"--learning-rate", "0.1"}, "--learning-rate: the run to resume has another one (expected 0.001, got 0.1)");
  refused({"--validation-split", "0.5"},
          "--validation-split: the run to resume has another one (expected 0.1, got 0.5)");
  refused({"--weights", "run"}, "--weights: the run to resume has another one (expected none, got \"run\")");
  refused({"--network", "digits"}, "--network: the run to resume has another one");
  refused({"--kernels", "library"}, "--kernels: the run to resume has another one (expected \"own\", got \"library\")");
  refused({"--limit", "9"}, "--limit: the run to resume has another one (expected 0, got 9)");
  EXPECT_EQ(contents(folder / "run/run.json"), before);
  EXPECT_EQ(run({"train", "--resume", "run", "--epochs", "2", "--batch", "4", "--network", "net.json", "--seed", "0",
                 "--no-pictures"})
                .code,
            0)
      << "the same settings may be given";
}

TEST_F(Resume, RefusesOtherData) {
  ASSERT_EQ(run(training("run", "1")).code, 0);
  const std::string before = contents(folder / "run/run.json");
  write_set(folder / "other", 28, 28, small_training_images + 1, 100);
  const Ending ending = run({"train", "--resume", "run", "--epochs", "2", "--data", "other"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("other data than the run to resume was trained on: its SHA-256 is another"));
  EXPECT_EQ(contents(folder / "run/run.json"), before);
  fs::rename(folder / "set", folder / "moved");
  EXPECT_EQ(run({"train", "--resume", "run", "--epochs", "2", "--data", "moved", "--no-pictures"}).code, 0);
}

TEST_F(Resume, HasTheCommandOfTheWholeRun) {
  ASSERT_EQ(run(training("run", "1")).code, 0);
  const std::string command = record("run")["command"];
  EXPECT_THAT(command, HasSubstr(" --network net.json"));
  ASSERT_EQ(run({"train", "--resume", "run", "--epochs", "2", "--no-pictures"}).code, 0);
  const std::string of_both = record("run")["command"], place = (folder / "net.json").string();
  EXPECT_THAT(of_both, HasSubstr(" --network " + place));
  ASSERT_EQ(run({"train", "--resume", "run", "--epochs", "3", "--no-pictures"}).code, 0);
  EXPECT_THAT(record("run")["command"].get<std::string>(), HasSubstr(" --network " + place)) << "and again";
  EXPECT_THAT(run({"train", "--resume", "run", "--epochs", "4", "--flatten", "CHW"}).errors,
              HasSubstr("--flatten: the run to resume has another one (expected none, got \"CHW\")"));
  ASSERT_EQ(run(training("further", "1", {"--weights", "run/model.safetensors", "--flatten", "CHW"})).code, 0);
  ASSERT_EQ(run({"train", "--resume", "further", "--epochs", "2", "--no-pictures"}).code, 0);
  EXPECT_THAT(record("further")["command"].get<std::string>(), HasSubstr(" --flatten CHW "));
}

TEST_F(Resume, FindsItsDataFromAnotherFolderAndLeavesPicturesOut) {
  ASSERT_EQ(run(training("runs/run", "1")).code, 0);
  const json before = record("runs/run");
  EXPECT_EQ(before["configuration"]["pictures"], false);
  EXPECT_EQ(before["configuration"]["data"], (folder / "set").string());
  EXPECT_EQ(before["data"]["folder"], (folder / "set").string());
  fs::create_directory(folder / "elsewhere");
  const auto from_elsewhere = [&](const std::vector<std::string>& arguments) {
    return nib(arguments, folder / "elsewhere");
  };
  const Ending more = from_elsewhere({"train", "--resume", "../runs/run", "--epochs", "2"});
  EXPECT_EQ(more.code, 0) << more.errors;
  EXPECT_FALSE(fs::exists(folder / "runs/run/report.html")) << "--no-pictures stays";
  EXPECT_EQ(from_elsewhere({"evaluate", "../runs/run", "--no-pictures"}).code, 0);
  fs::rename(folder / "set", folder / "moved");
  const Ending lost = from_elsewhere({"train", "--resume", "../runs/run", "--epochs", "3"});
  EXPECT_EQ(lost.code, 4);
  EXPECT_THAT(lost.errors, HasSubstr("configuration.data: the data set of the run is not there any more: looked for " +
                                     (folder / "set").string() + "\nhint: --data names where it is now\n"));
}

TEST_F(Resume, TakesTheCheckpointBeforeADamagedOne) {
  ASSERT_EQ(run(training("whole", "3")).code, 0);
  ASSERT_EQ(run(training("run", "2", {"--keep", "2"})).code, 0);
  EXPECT_TRUE(fs::exists(folder / "run/checkpoint-34.safetensors"));
  fs::resize_file(folder / "run/checkpoint-68.safetensors", 1000);
  const Ending ending = run({"train", "--resume", "run", "--epochs", "3", "--no-pictures"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, HasSubstr("nib: warning: run/checkpoint-68.safetensors: "));
  EXPECT_EQ(results("run"), results("whole"));
}

TEST_F(Resume, KeepsAsManyCheckpointsAsAsked) {
  const auto checkpoints = [&](const std::string& out) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder / out))
      if (entry.path().filename().string().starts_with("checkpoint")) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  };
  ASSERT_EQ(run(training("run", "2", {"--keep", "3", "--save-every", "20"})).code, 0);  // 34 steps an epoch
  EXPECT_THAT(checkpoints("run"),
              ElementsAre("checkpoint-40.safetensors", "checkpoint-60.safetensors", "checkpoint-68.safetensors"));
  ASSERT_EQ(run({"train", "--resume", "run", "--epochs", "3", "--no-pictures"}).code, 0);
  EXPECT_THAT(checkpoints("run"), ElementsAre("checkpoint.safetensors"));
}

/// A checkpoint that was copied must not clear the folder that it came to.
TEST_F(Resume, FromAFolderThatIsNotItsRunsNeedsAnother) {
  ASSERT_EQ(run(training("one", "1")).code, 0);
  ASSERT_EQ(run(training("two", "1", {"--seed", "5"})).code, 0);
  fs::create_directory(folder / "home");
  make_file(folder / "home/report.html", "mine");
  fs::copy(folder / "one/checkpoint.safetensors", folder / "home/c.safetensors");
  json other = record("two");
  other["started"] = "2020-01-01T00:00:00Z";
  make_file(folder / "two/run.json", sealed_text(other.dump()));
  fs::copy(folder / "one/checkpoint.safetensors", folder / "two/c.safetensors");
  const std::string before = contents(folder / "two/model.safetensors");
  for (const std::string file : {"home/c.safetensors", "two/c.safetensors"}) {
    const Ending ending = run({"train", "--resume", file, "--epochs", "2", "--no-pictures"});
    EXPECT_EQ(ending.code, 2);
    EXPECT_EQ(ending.errors, "nib: error: --resume: " + file +
                                 ": lies in a folder that is not its run's\n"
                                 "hint: --out names a folder for the results\n");
  }
  // Nor does naming that folder: it is one like any other.
  const Ending named = run({"train", "--resume", "home/c.safetensors", "--epochs", "2", "--out", "home"});
  EXPECT_EQ(named.code, 2);
  EXPECT_THAT(named.errors, HasSubstr("nib: error: --out: home: the folder exists"));
  fs::copy(folder / "one/checkpoint.safetensors", folder / "home/checkpoint.safetensors");
  const Ending forced =
      run({"train", "--resume", "home/checkpoint.safetensors", "--epochs", "2", "--out", "home", "--force"});
  EXPECT_EQ(forced.code, 2);
  EXPECT_THAT(forced.errors, HasSubstr("the start weights would be replaced"));
  EXPECT_EQ(contents(folder / "home/report.html"), "mine");
  EXPECT_EQ(contents(folder / "two/model.safetensors"), before);
  EXPECT_EQ(run({"train", "--resume", "home/c.safetensors", "--epochs", "2", "--out", "next", "--no-pictures"}).code,
            0);
}

/// What was just written stays, whatever lies beside it under later steps.
TEST_F(Resume, NeverRemovesWhatItJustWrote) {
  ASSERT_EQ(run(training("run", "2", {"--save-every", "10", "--keep", "4"})).code, 0);  // 50, 60 and 68 of 68
  for (const char* name : {"run/checkpoint-60.safetensors", "run/checkpoint-68.safetensors"})
    fs::resize_file(folder / name, 1000);
  Program program(
      {"train", "--resume", "run", "--epochs", "90000", "--no-pictures", "--save-every", "1", "--keep", "2"});
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("Epoch 3/90000 - "));
  program.signal(SIGKILL);
  program.wait();
  const Ending ending = run({"evaluate", "run", "--data", "set", "--device", "cpu"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
}

TEST_F(Resume, OfNoRunSaysWhatIsMissing) {
  const Ending nowhere = run({"train", "--resume", "nowhere"});
  EXPECT_EQ(nowhere.code, 4);
  const Ending empty = run({"train", "--resume", "set"});
  EXPECT_EQ(empty.code, 3);
  EXPECT_THAT(empty.errors, HasSubstr("nib: error: set: no checkpoint in this folder (expected a checkpoint, or the "
                                      "folder of a run that has one)\n"));
  ASSERT_EQ(run(training("run", "1")).code, 0);
  EXPECT_THAT(run({"train", "--resume", "run/model.safetensors"}).errors,
              HasSubstr("run/model.safetensors: nib.checkpoint: no checkpoint"));
}

TEST_F(Resume, AnUnfinishedRunsFolderStandsForItsCheckpoint) {
  ASSERT_EQ(run(training("run", "1")).code, 0);
  fs::remove(folder / "run/model.safetensors");
  const Ending ending = run({"evaluate", "run", "--data", "set", "--device", "cpu"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors,
              HasSubstr("run: the run did not finish; its newest checkpoint is taken, checkpoint.safetensors"));
  const Ending again = run(training("run", "1"));
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.errors, HasSubstr("hint: nib train --resume run goes on with the run in it"));
}

TEST_F(Resume, AnUnfinishedRunsFolderStandsForTheCheckpointBeforeADamagedOne) {
  ASSERT_EQ(run(training("run", "2", {"--keep", "2"})).code, 0);
  fs::remove(folder / "run/model.safetensors");
  const auto evaluate = [&](const std::string& weights) {
    return run({"evaluate", weights, "--data", "set", "--device", "cpu", "--json"});
  };
  const json before = json::parse(evaluate("run/checkpoint-34.safetensors").output);
  fs::resize_file(folder / "run/checkpoint-68.safetensors", 1000);
  const Ending ending = evaluate("run");
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, HasSubstr("nib: warning: run/checkpoint-68.safetensors: "));
  EXPECT_THAT(ending.errors, HasSubstr("; in its place is taken checkpoint-34.safetensors\n"
                                       "nib: warning: run: the run did not finish; its newest checkpoint that can be "
                                       "read is taken, checkpoint-34.safetensors\n"));
  EXPECT_EQ(json::parse(ending.output)["weights_sha256"], before["weights_sha256"]);
  EXPECT_EQ(run({"convert", "run", "run/checkpoint-34.safetensors", "--force"}).code, 2) << "is IN itself";

  fs::resize_file(folder / "run/checkpoint-34.safetensors", 1000);
  const Ending none = evaluate("run");
  EXPECT_EQ(none.code, 3);
  EXPECT_THAT(none.errors, testing::StartsWith("nib: error: run/checkpoint-68.safetensors: "));
}

/// Before anything of the finished run is touched.
TEST_F(Resume, AFolderWhereAFileWouldBeWrittenIsRefused) {
  ASSERT_EQ(run(training("run", "1")).code, 0);
  fs::remove(folder / "run/best.safetensors");
  fs::create_directory(folder / "run/best.safetensors");
  const std::string record = contents(folder / "run/run.json"), model = contents(folder / "run/model.safetensors");
  const Ending ending = run({"train", "--resume", "run", "--epochs", "2", "--no-pictures"});
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, HasSubstr("run/best.safetensors: a folder has the name of a file that would be written"));
  EXPECT_EQ(contents(folder / "run/run.json"), record);
  EXPECT_EQ(contents(folder / "run/model.safetensors"), model);
  EXPECT_TRUE(fs::exists(folder / "run/test_predictions.csv"));
}

TEST_F(Resume, ARunWhoseFolderIsGoneStopsAtTheNextCheckpoint) {
  for (const bool taken : {false, true}) {
    Program program(training("run", "100000", {"--save-every", "5"}));
    program.in(folder.path()).start();
    ASSERT_TRUE(program.wait_for_output("Epoch 2/"));
    fs::rename(folder / "run", folder / (taken ? "other" : "gone"));
    if (taken) {
      fs::create_directory(folder / "run");
      make_file(folder / "run/run.json", "another's");
    }
    const Ending ending = program.wait();
    EXPECT_EQ(ending.code, 4);
    EXPECT_EQ(ending.errors, "nib: error: run: the folder was removed, or taken by another run\n");
  }
  EXPECT_EQ(contents(folder / "run/run.json"), "another's");
}

}  // namespace
}  // namespace nib
