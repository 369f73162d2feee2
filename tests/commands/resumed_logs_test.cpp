// The logs of runs that stop and go on: read in order, they are those of a run that never stopped.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "base/mishap_figures.h"
#include "commands/small_set.h"
#include "commands/train_child.h"
#include "logs/event_reader.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ResumedLogs : public testing::Test {
 protected:
  ResumedLogs() {
    make_file(folder / "net.json", R"({"input": [28, 28, 1], "layers": [{"type": "max_pool", "size": [4, 4]},
        {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]})");
  }

  /// 17 steps an epoch.
  static std::vector<std::string> training(const std::string& out, const std::string& epochs,
                                           const std::vector<std::string>& logs) {
    std::vector<std::string> arguments = {
        "train",    "--data", "set",     "--network", "net.json",      "--device",     "cpu", "--threads", "1",
        "--epochs", epochs,   "--batch", "8",         "--no-pictures", "--save-every", "7",   "--out",     out};
    arguments.insert(arguments.end(), logs.begin(), logs.end());
    return arguments;
  }
  static std::vector<std::string> logs(const std::string& log, const std::string& board) {
    return {"--log-json", log, "--tensorboard", board, "--log-every", "2"};
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  Ending resume(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--no-pictures"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  /// Runs until the output holds `text` and a moment more, then ends it by the signal.
  void stop(const std::vector<std::string>& arguments, const std::string& text, int signal,
            std::chrono::microseconds later) const {
    Program program(arguments);
    program.in(folder.path()).start();
    program.wait_for_output(text);
    std::this_thread::sleep_for(later);
    program.signal(signal);
    program.wait();
  }

  std::string status() const { return json::parse(contents(folder / "run/run.json"))["status"]; }

  std::vector<json> events(const std::string& log) const {
    std::istringstream lines(contents(folder / log));
    std::vector<json> events;
    for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
    return events;
  }

  /// What does not depend on times, places and stops.
  std::vector<json> lasting_events(const std::string& log) const {
    std::vector<json> lasting;
    double seconds = 0;
    for (json event : events(log)) {
      EXPECT_GE(event["seconds"], seconds);
      seconds = event["seconds"];
      if (event["event"] == "resume") continue;
      for (const char* const key : {"time", "seconds", "duration", "folder", "bytes", "sha256"}) event.erase(key);
      lasting.push_back(event);
    }
    return lasting;
  }

  /// Without the planned epochs, which a longer run has more of.
  static std::vector<json> without_epochs(std::vector<json> events) {
    for (json& event : events) {
      event.erase("epochs");
      if (event["event"] == "start") event["configuration"].erase("epochs");
    }
    return events;
  }

  /// The scalars that TensorBoard draws: of each part, in the order in which it reads the files.
  std::vector<std::string> scalars(const std::string& board) const {
    std::vector<std::string> all;
    for (const char* const part : {"train", "validation", "test"}) {
      std::vector<fs::path> files;
      if (fs::exists(folder / board / part))
        for (const auto& entry : fs::directory_iterator(folder / board / part)) files.push_back(entry.path());
      std::ranges::sort(files);
      for (const fs::path& file : files) {
        const EventFileContents read = read_events(contents(file));  // throws for a wrong checksum
        EXPECT_EQ(read.bytes_behind, 0u) << file;
        for (const LoggedEvent& event : read.events)
          if (event.scalar)
            all.push_back(std::string(part) + " " + event.tag + " " + std::to_string(event.step) + ": " +
                          std::to_string(*event.scalar));
      }
    }
    return all;
  }

  fs::path last_event_file(const std::string& part) const {
    fs::path last;
    for (const auto& entry : fs::directory_iterator(folder / part)) last = std::max(last, entry.path());
    return last;
  }

  const SmallSetFolder folder{};
};

TEST_F(ResumedLogs, HaveEveryStepOnceWhateverStoppedTheRun) {
  ASSERT_EQ(run(training("whole", "8", logs("whole.log", "whole-board"))).code, 0);
  std::mt19937 random{7};
  std::uniform_int_distribution<int> microseconds(0, 15'000);
  const int signals[] = {SIGINT, SIGKILL, SIGTERM, SIGKILL};
  stop(training("run", "8", logs("log", "board")), "Training: ", SIGINT, {});
  int stops = 1;
  for (; stops < 12 && status() != "finished"; ++stops) {
    stop({"train", "--resume", "run", "--no-pictures", "--save-every", "3"}, "Training: ", signals[stops % 4],
         std::chrono::microseconds(microseconds(random)));
    if (status() == "finished") break;
    // As a process leaves it that was killed while it wrote.
    make_file(folder / "log", contents(folder / "log") + R"({"event":"batch","ti)");
    const fs::path file = last_event_file("board/train");
    make_file(file, contents(file) + std::string(13, '\x01'));
  }
  if (status() != "finished") {
    const Ending ending = resume();
    ASSERT_EQ(ending.code, 0) << ending.errors;
    EXPECT_THAT(ending.errors, IsEmpty());
  }
  EXPECT_GE(stops, 3);
  EXPECT_EQ(lasting_events("log"), lasting_events("whole.log"));
  EXPECT_EQ(scalars("board"), scalars("whole-board"));
}

/// The second process takes the logs over, goes on in them and ends them: killed before any of its calls, it leaves
/// what the third goes on in.
TEST_F(ResumedLogs, HaveEveryStepOnceWhateverMishapEndsTheirTakingOver) {
  ASSERT_EQ(run(training("whole", "4", logs("whole.log", "whole-board"))).code, 0);
  ASSERT_EQ(run(training("first", "2", logs("first/log", "first/board"))).code, 0);
  const auto go_on = [&](std::size_t killed_at) {
    fs::remove_all(folder / "run");
    fs::copy(folder / "first", folder / "run", fs::copy_options::recursive);
    test::TrainChild child;
    child.before = [=](std::size_t call, test::Call) { return call == killed_at ? ::raise(SIGKILL) : 0; };
    return child.run(folder.path(), {"train", "--resume", "run", "--epochs", "4", "--no-pictures", "--threads", "1"});
  };
  const test::ChildEnding undisturbed = go_on(~std::size_t{0});
  ASSERT_EQ(undisturbed.code, 0) << undisturbed.errors;
  const std::size_t kills = test::figures_file() != nullptr ? undisturbed.calls : 30;
  std::size_t went_on = 0;
  for (std::size_t kill = 0; kill < kills; ++kill) {
    const std::size_t at = kill * undisturbed.calls / kills;
    SCOPED_TRACE("call " + std::to_string(at));
    EXPECT_EQ(go_on(at).code, 137);
    const json record = json::parse(contents(folder / "run/run.json"));
    if (record["status"] != "finished" || record["history"]["epoch"].size() < 4) {
      const Ending ending = resume({"--epochs", "4"});
      ASSERT_EQ(ending.code, 0) << ending.errors;
      EXPECT_THAT(ending.errors, IsEmpty());
      EXPECT_EQ(without_epochs(lasting_events("run/log")), without_epochs(lasting_events("whole.log")));
      ++went_on;
    }
    EXPECT_EQ(scalars("run/board"), scalars("whole-board"));
  }
  EXPECT_GT(went_on, kills / 2);
  test::tell_figures(std::to_string(kills) + " kills, " + std::to_string(went_on) + " times the run went on");
}

TEST_F(ResumedLogs, OfAFinishedRunGoOnWithItsFurtherEpochs) {
  ASSERT_EQ(run(training("whole", "3", logs("whole.log", "whole-board"))).code, 0);
  ASSERT_EQ(run(training("run", "2", logs("run/log", "run/board"))).code, 0);
  fs::rename(folder / "run", folder / "moved");  // with the logs that lie in it
  const Ending ending = run({"train", "--resume", "moved", "--epochs", "3", "--no-pictures"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, IsEmpty());
  std::vector<std::string> kinds;
  for (const json& event : events("moved/log"))
    if (event["event"] != "batch" && event["event"] != "file") kinds.push_back(event["event"]);
  EXPECT_THAT(kinds, ElementsAre("start", "epoch", "epoch", "resume", "epoch", "evaluation", "end"));
  EXPECT_EQ(scalars("moved/board"), scalars("whole-board"));
  for (const json& event : events("moved/log")) {
    if (event["event"] != "resume") continue;
    EXPECT_EQ(event["step"], 34);
    EXPECT_EQ(event["reason"], "finished");
    EXPECT_EQ(event["configuration"]["epochs"], 3);
  }
}

/// A second process that is killed before its first checkpoint has begun event files of which no checkpoint tells.
TEST_F(ResumedLogs, HaveNothingOfAProcessWithoutACheckpoint) {
  ASSERT_EQ(run(training("whole", "3", logs("whole.log", "whole-board"))).code, 0);
  ASSERT_EQ(run(training("run", "2", logs("log", "board"))).code, 0);
  const std::string checkpoint = contents(folder / "run/checkpoint.safetensors");
  ASSERT_EQ(resume({"--epochs", "4"}).code, 0);
  make_file(folder / "run/checkpoint.safetensors", checkpoint);
  const Ending ending = resume({"--epochs", "3"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, IsEmpty());
  EXPECT_EQ(scalars("board"), scalars("whole-board"));
  // The record tells of that process all the same.
  EXPECT_EQ(json::parse(contents(folder / "run/run.json"))["stops"].size(), 2u);
}

TEST_F(ResumedLogs, StayAsTheyAreWhereTheRunGoesOnElsewhereOrShallLeaveThem) {
  ASSERT_EQ(run(training("run", "1", logs("log", "board"))).code, 0);
  const std::string log = contents(folder / "log");
  const std::vector<std::string> board = scalars("board");
  ASSERT_EQ(resume({"--epochs", "2", "--out", "next"}).code, 0);
  ASSERT_EQ(resume({"--epochs", "2", "--no-logs", "--log-json", "other"}).code, 0);
  EXPECT_EQ(contents(folder / "log"), log);
  EXPECT_EQ(scalars("board"), board);
  // A new log begins with what the run is, and says where it began.
  EXPECT_EQ(events("other")[0]["event"], "start");
  EXPECT_EQ(events("other")[1]["event"], "resume");
  EXPECT_EQ(events("other")[1]["step"], 17);
}

/// They lack what was trained without them, and go on behind it.
TEST_F(ResumedLogs, ThatWereLeftOnceGoOnWithTheNextResume) {
  ASSERT_EQ(run(training("run", "1", logs("run/log", "board"))).code, 0);
  const std::string log = contents(folder / "run/log");
  const std::vector<std::string> board = scalars("board");
  const json before = json::parse(contents(folder / "run/run.json"))["logs"];
  for (const std::string epochs : {"2", "3"}) {
    ASSERT_EQ(resume({"--epochs", epochs, "--no-logs"}).code, 0);
    EXPECT_EQ(contents(folder / "run/log"), log);
    EXPECT_EQ(json::parse(contents(folder / "run/run.json"))["logs"], before);
  }
  EXPECT_EQ(scalars("board"), board);
  const Ending ending = resume({"--epochs", "5"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, IsEmpty());
  std::vector<std::pair<int, int>> batches;
  std::vector<int> epochs;
  for (const json& event : lasting_events("run/log")) {
    if (event["event"] == "batch") batches.emplace_back(event["epoch"], event["step"]);
    if (event["event"] == "epoch") epochs.push_back(event["epoch"]);
  }
  EXPECT_THAT(epochs, ElementsAre(1, 4, 5));
  EXPECT_EQ(batches.size(), 3u * 8) << "every other of 17 steps an epoch";
  EXPECT_TRUE(std::ranges::is_sorted(batches)) << "none twice";
  EXPECT_EQ(std::ranges::adjacent_find(batches), batches.end());
  EXPECT_THAT(scalars("board"), Contains(HasSubstr("train epoch_loss 3: ")));
  EXPECT_THAT(scalars("board"), Not(Contains(HasSubstr("train epoch_loss 2: "))));
}

/// A log that takes the place of one that is left leaves the other as it was.
TEST_F(ResumedLogs, ThatWereLeftGiveWayToThoseThatWereNamed) {
  ASSERT_EQ(run(training("run", "1", logs("log", "board"))).code, 0);
  ASSERT_EQ(resume({"--epochs", "2", "--no-logs", "--log-json", "other"}).code, 0);
  const std::string log = contents(folder / "log");
  ASSERT_EQ(resume({"--epochs", "3"}).code, 0);
  EXPECT_EQ(contents(folder / "log"), log);
  EXPECT_EQ(events("other").back()["event"], "end");
  EXPECT_THAT(scalars("board"), Contains(HasSubstr("train epoch_loss 2: ")));
}

TEST_F(ResumedLogs, OfTheRunAreNotThoseOfItsCopy) {
  ASSERT_EQ(run(training("run", "1", logs("log", "board"))).code, 0);
  fs::copy(folder / "run", folder / "copy");
  ASSERT_EQ(resume({"--epochs", "3"}).code, 0);
  const std::string log = contents(folder / "log");
  const std::vector<std::string> board = scalars("board");
  const Ending ending = run({"train", "--resume", "copy", "--epochs", "2", "--no-pictures"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, HasSubstr("log: the log of the run in run, of which this is a copy: it stays as it is\n"));
  EXPECT_EQ(contents(folder / "log"), log);
  EXPECT_EQ(scalars("board"), board);
}

TEST_F(ResumedLogs, MayBeNamedAgainOrAnew) {
  ASSERT_EQ(run(training("run", "1", logs("log", "board"))).code, 0);
  const Ending again =
      resume({"--epochs", "2", "--log-json", "set/../log", "--tensorboard", "board/", "--log-every", "5"});
  ASSERT_EQ(again.code, 0);
  EXPECT_THAT(again.errors, IsEmpty());
  ASSERT_EQ(resume({"--epochs", "3", "--tensorboard", "board2"}).code, 0);
  std::vector<int> epochs;
  for (const json& event : events("log"))
    if (event["event"] == "epoch") epochs.push_back(event["epoch"]);
  EXPECT_THAT(epochs, ElementsAre(1, 2, 3));
  EXPECT_THAT(scalars("board2"), Contains(HasSubstr("train batch_loss 39: ")));  // step 5 of epoch 3
  EXPECT_THAT(scalars("board2"), Not(Contains(HasSubstr("epoch_loss 1: "))));
}

TEST_F(ResumedLogs, ThatAreNotTheRunsAreNotTouched) {
  ASSERT_EQ(run(training("run", "1", logs("log", "board"))).code, 0);
  const std::string record = contents(folder / "run/run.json"), log = contents(folder / "log");
  const auto refused = [&](const std::string& line) {
    const Ending ending = resume({"--epochs", "2"});
    EXPECT_EQ(ending.code, 2);
    EXPECT_THAT(ending.errors, HasSubstr(line));
    EXPECT_EQ(contents(folder / "run/run.json"), record);
  };
  const std::string problem = ": does not begin as the run had left it at its checkpoint\n";
  for (const std::string& other : {log.substr(0, log.size() / 2), "x" + log.substr(1), std::string("my thesis\n")}) {
    make_file(folder / "log", other);
    refused("nib: error: --log-json: " + (folder / "log").string() +
            (other.starts_with('{') ? problem : ": is no event log\n"));
    EXPECT_EQ(contents(folder / "log"), other);
  }
  make_file(folder / "log", log);
  const fs::path events = last_event_file("board/train");
  make_file(events, "");
  refused("nib: error: --tensorboard: " + events.string() + problem);
  EXPECT_THAT(contents(folder / "log"), log);
}

TEST_F(ResumedLogs, ThatAreGoneBeginAnewAndThatIsTold) {
  ASSERT_EQ(run(training("run", "1", logs("log", "board"))).code, 0);
  fs::remove(folder / "log");
  fs::remove_all(folder / "board");
  const Ending ending = resume({"--epochs", "2"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, HasSubstr("log: the run's log is gone; a new one begins\n"));
  EXPECT_THAT(ending.errors, HasSubstr("board: event files of the run are gone; those that begin hold what comes now"));
  EXPECT_EQ(events("log")[0]["event"], "start");
  EXPECT_THAT(scalars("board"), Contains(HasSubstr("train epoch_loss 1: ")));
}

}  // namespace
}  // namespace nib
