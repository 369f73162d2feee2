// The live logs of nib train: what they say, that they can be read after any end of the run, and what is wrong with
// their places.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/hash.h"
#include "commands/small_set.h"
#include "logs/event_reader.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// The whole lines of an event log, each parsed; what stands behind the last line end is left out.
std::vector<json> events_in(const std::filesystem::path& path) {
  const std::string text = contents(path);
  std::istringstream lines(text.substr(0, text.rfind('\n') + 1));
  std::vector<json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
  return events;
}

std::vector<std::string> kinds_of(const std::vector<json>& events) {
  std::vector<std::string> kinds;
  for (const json& event : events) kinds.push_back(event["event"]);
  return kinds;
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

std::string hash_of(const std::string& text) {
  return to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

/// The scalars of an event file by tag, in order.
std::map<std::string, std::vector<std::pair<std::uint64_t, float>>> scalars_of(const EventFileContents& file) {
  std::map<std::string, std::vector<std::pair<std::uint64_t, float>>> scalars;
  for (const LoggedEvent& event : file.events)
    if (event.scalar) scalars[event.tag].emplace_back(event.step, *event.scalar);
  return scalars;
}

/// A finished run of two epochs of five steps, batches logged every other step.
class LoggedRun : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<SmallSetFolder>();
    ending = nib(small_training({"--out", "run", "--log-json", "log", "--tensorboard", "board", "--log-every", "2"}),
                 folder->path());
  }
  static void TearDownTestSuite() { folder.reset(); }
  void SetUp() override { ASSERT_EQ(ending.code, 0) << ending.errors; }

  static json record() { return json::parse(contents(*folder / "run/run.json")); }
  static std::vector<json> events(const std::string& kind) {
    std::vector<json> chosen;
    for (const json& event : events_in(*folder / "log"))
      if (event["event"] == kind) chosen.push_back(event);
    return chosen;
  }

  static inline std::unique_ptr<SmallSetFolder> folder;
  static inline Ending ending;
};

TEST_F(LoggedRun, TellsItsEventsInOrder) {
  const std::vector<json> all = events_in(*folder / "log");
  const std::vector<std::string> kinds = kinds_of(all);
  ASSERT_GE(kinds.size(), 13u);
  EXPECT_THAT(std::vector(kinds.begin(), kinds.begin() + 8),
              ElementsAre("start", "batch", "batch", "epoch", "batch", "batch", "epoch", "evaluation"));
  EXPECT_THAT(std::vector(kinds.begin() + 8, kinds.end() - 1), Each("file"));
  EXPECT_EQ(kinds.back(), "end");
  for (std::size_t line = 1; line < all.size(); ++line) {
    EXPECT_GE(all[line]["seconds"], all[line - 1]["seconds"]);
    EXPECT_GE(all[line]["time"], all[line - 1]["time"]);
  }
}

TEST_F(LoggedRun, BeginsWithWhatTheRunIs) {
  const json start = events("start").at(0);
  EXPECT_EQ(start["schema"], 1);
  for (const char* const key : {"folder", "program", "machine", "engine", "configuration", "data"})
    EXPECT_EQ(start[key], record()[key]) << key;
}

TEST_F(LoggedRun, TellsTheStepsAsTheyGo) {
  const std::vector<json> batches = events("batch");
  ASSERT_EQ(batches.size(), 4u);
  const json& third = batches[2];
  EXPECT_THAT(keys_of(third),
              ElementsAre("accuracy", "epoch", "epochs", "event", "loss", "seconds", "step", "steps", "time"));
  EXPECT_EQ(third["epoch"], 2);
  EXPECT_EQ(third["epochs"], 2);
  EXPECT_EQ(third["step"], 2);
  EXPECT_EQ(third["steps"], 5);
}

TEST_F(LoggedRun, TellsTheFiguresOfTheHistory) {
  const std::vector<json> epochs = events("epoch");
  const json history = json::parse(contents(*folder / "run/history.json"));
  ASSERT_EQ(epochs.size(), 2u);
  for (std::size_t epoch = 0; epoch < 2; ++epoch) {
    for (const char* const key : {"epoch", "accuracy", "loss", "val_accuracy", "val_loss"})
      EXPECT_EQ(epochs[epoch][key], history[key][epoch]) << key;
    EXPECT_EQ(epochs[epoch]["duration"], history["seconds"][epoch]);
  }
}

TEST_F(LoggedRun, TellsTheTestResult) {
  const json evaluation = events("evaluation").at(0), test = record()["test"];
  EXPECT_EQ(test["images"], small_test_images);
  for (const auto& [key, value] : test.items()) EXPECT_EQ(evaluation[key], value) << key;
  EXPECT_EQ(evaluation["duration"], record()["seconds"]["test"]);
}

TEST_F(LoggedRun, TellsEveryFileWithItsHash) {
  std::vector<std::string> names{"checkpoint.safetensors"};  // comes and goes without an event
  for (const json& file : events("file")) {
    const std::string text = contents(*folder / ("run/" + file["name"].get<std::string>()));
    EXPECT_EQ(file["bytes"], text.size());
    EXPECT_EQ(file["sha256"], hash_of(text)) << file;
    names.push_back(file["name"]);
  }
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(record()["files"].get<std::vector<std::string>>()));
}

TEST_F(LoggedRun, EndsWithTheHashOfTheWeights) {
  const json end = events("end").at(0);
  EXPECT_EQ(end["status"], "finished");
  EXPECT_TRUE(end["reason"].is_null());
  EXPECT_EQ(end["weights_sha256"], record()["weights_sha256"]);
}

TEST_F(LoggedRun, DrawsTheHistoryInTensorBoardAsKerasDoes) {
  const json history = json::parse(contents(*folder / "run/history.json"));
  const auto figures = [&](const char* key) {
    std::vector<std::pair<std::uint64_t, float>> values;
    for (std::uint64_t epoch = 0; epoch < 2; ++epoch) values.emplace_back(epoch, history[key][epoch].get<float>());
    return values;
  };
  auto train = scalars_of(read_events_in(*folder / "board/train"));
  EXPECT_EQ(train["epoch_loss"], figures("loss"));
  EXPECT_EQ(train["epoch_accuracy"], figures("accuracy"));
  auto validation = scalars_of(read_events_in(*folder / "board/validation"));
  EXPECT_EQ(validation["epoch_loss"], figures("val_loss"));
  EXPECT_EQ(validation["epoch_accuracy"], figures("val_accuracy"));
  auto test = scalars_of(read_events_in(*folder / "board/test"));
  EXPECT_THAT(test["epoch_accuracy"], ElementsAre(testing::Pair(1, record()["test"]["accuracy"].get<float>())));
  EXPECT_THAT(test["epoch_loss"], ElementsAre(testing::Pair(1, record()["test"]["loss"].get<float>())));

  std::vector<std::uint64_t> steps;
  for (const auto& [step, loss] : train["batch_loss"]) steps.push_back(step);
  EXPECT_THAT(steps, ElementsAre(2, 4, 7, 9));
  EXPECT_EQ(train["batch_accuracy"][2].second, events("batch")[2]["accuracy"].get<float>());
}

TEST(RunLogs, LeaveOutValidationWhereThereIsNone) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--out", "run", "--epochs", "1", "--validation-split", "0", "--log-json",
                                            "run/log", "--tensorboard", "run/board"}),
                            folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_FALSE(std::filesystem::exists(folder / "run/board/validation"));
  EXPECT_TRUE(std::filesystem::exists(folder / "run/board/test"));
  EXPECT_THAT(keys_of(events_in(folder / "run/log")[1]),
              ElementsAre("accuracy", "duration", "epoch", "epochs", "event", "loss", "seconds", "time"));
}

/// A run that would go on for hours and logs every step.
class LoggedLongRun : public testing::Test {
 protected:
  LoggedLongRun()
      : program(small_training({"--epochs", "100000", "--out", "run", "--log-json", "log", "--tensorboard", "board",
                                "--log-every", "1"})) {
    program.in(folder.path()).start();
    reached_second_epoch = program.wait_for_output("Epoch 1/100000 - ");
  }

  const SmallSetFolder folder;
  Program program;
  bool reached_second_epoch = false;
};

TEST_F(LoggedLongRun, TellsThatItWasInterrupted) {
  ASSERT_TRUE(reached_second_epoch);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().code, 143);
  const std::vector<json> events = events_in(folder / "log");
  EXPECT_EQ(events.back()["event"], "end");
  EXPECT_EQ(events.back()["status"], "interrupted");
  EXPECT_EQ(events.back()["reason"], "signal 15");
  EXPECT_EQ(events[events.size() - 2]["name"], "run.json");
}

TEST(RunLogs, CanBeReadAfterAKillAtAnyMoment) {
  constexpr int kills = 8;
  for (int kill = 0; kill < kills; ++kill) {
    const SmallSetFolder folder;
    Program program(small_training({"--epochs", "100000", "--out", "run", "--log-json", "log", "--tensorboard", "board",
                                    "--log-every", "1", "--batch", "1"}));
    program.in(folder.path()).start();
    ASSERT_TRUE(program.wait_for_output("Training: "));
    std::this_thread::sleep_for(std::chrono::microseconds(7000 + 1931 * kill));
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait().code, 137);

    const std::vector<json> events = events_in(folder / "log");  // throws for a whole line that is no JSON
    ASSERT_GE(events.size(), 1u);
    EXPECT_EQ(events[0]["event"], "start");
    const EventFileContents board = read_events_in(folder / "board/train");  // throws for a wrong checksum
    const auto batches = static_cast<std::size_t>(std::ranges::count(kinds_of(events), "batch"));
    EXPECT_GE(scalars_of(board)["batch_loss"].size() + 1, batches);  // each goes to the event log first
  }
}

TEST(RunLogs, TellWhyARunFailed) {
  const SmallSetFolder folder;
  const Ending ending =
      nib(small_training({"--out", "run", "--learning-rate", "1e30", "--log-json", "log"}), folder.path());
  EXPECT_EQ(ending.code, 6);
  const json end = events_in(folder / "log").back();
  EXPECT_EQ(end["event"], "end");
  EXPECT_EQ(end["status"], "failed");
  EXPECT_THAT(end["reason"].get<std::string>(), HasSubstr("is not finite"));
}

TEST(RunLogs, DoNotChangeTheWeights) {
  const SmallSetFolder folder;
  const Ending without = nib(small_training({"--out", "a"}), folder.path());
  const Ending with = nib(
      small_training({"--out", "b", "--log-json", "log", "--tensorboard", "board", "--log-every", "1"}), folder.path());
  EXPECT_EQ(value_of(with.output, "weights sha256: "), value_of(without.output, "weights sha256: "));
}

TEST(RunLogs, AFullDiskIsToldOnceAndDoesNotStopTheRun) {
  const SmallSetFolder folder;
  const Ending ending = nib(small_training({"--out", "run", "--log-json", "/dev/full"}), folder.path());
  EXPECT_EQ(ending.code, 4);
  EXPECT_EQ(ending.errors,
            "nib: warning: /dev/full: no space left on device; the run goes on without this log\n"
            "nib: error: /dev/full: the log is not complete: no space left on device\n"
            "hint: the results are in run\n");
  EXPECT_EQ(json::parse(contents(folder / "run/run.json"))["status"], "finished");
  EXPECT_TRUE(std::filesystem::exists(folder / "run/model.safetensors"));
}

TEST(RunLogs, EndWithAWholeEntryWhereAFileMayNotGrow) {
  const SmallSetFolder folder;
  Program program(small_training({"--out", "run", "--epochs", "250", "--log-json", "log", "--tensorboard", "board",
                                  "--log-every", "1", "--network", "net.json", "--quiet"}));
  make_file(folder / "net.json",
            R"({"input": [28, 28, 1], "layers": [{"type": "max_pool", "size": [14, 14]}, {"type": "flatten"},
                {"type": "dense", "units": 10, "activation": "softmax"}]})");
  const Ending ending = program.in(folder.path()).with_largest_file(150'000).run();
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, AllOf(StartsWith("nib: warning: "), HasSubstr("log: file too large; the run goes on"),
                                   HasSubstr("nib: error: log: the log is not complete: file too large\n")));
  const std::string text = contents(folder / "log");
  EXPECT_THAT(text, EndsWith("}\n"));
  EXPECT_GT(text.size(), 149'000u);
  EXPECT_EQ(read_events_in(folder / "board/train").bytes_behind, 0u);
  EXPECT_TRUE(std::filesystem::exists(folder / "run/model.safetensors"));
}

TEST(RunLogs, AReaderThatIsGoneIsNoLoss) {
  const SmallSetFolder folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0666), 0);
  const int reader = open((folder / "fifo").c_str(), O_RDONLY | O_NONBLOCK);
  Program program(small_training({"--out", "run", "--log-json", "fifo"}));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("Training: "));
  close(reader);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.errors, IsEmpty());
}

struct WrongPlace {
  std::string name;
  std::vector<std::string> options;
  int code;
  std::string error;
};

void PrintTo(const WrongPlace& place, std::ostream* out) { *out << place.name; }

class WrongLogPlace : public testing::TestWithParam<WrongPlace> {};

TEST_P(WrongLogPlace, IsFoundBeforeTraining) {
  const SmallSetFolder folder;
  make_file(folder / "old", "old\n");
  std::vector<std::string> options{"--out", "run"};
  options.insert(options.end(), GetParam().options.begin(), GetParam().options.end());
  const Ending ending = nib(small_training(options), folder.path());
  EXPECT_EQ(ending.code, GetParam().code);
  EXPECT_EQ(ending.errors, "nib: error: " + GetParam().error + "\n");
  EXPECT_THAT(ending.output, IsEmpty());
  EXPECT_THAT(folder.names(), ElementsAre("old", "set"));
  EXPECT_EQ(contents(folder / "old"), "old\n");
}

INSTANTIATE_TEST_SUITE_P(
    Ways, WrongLogPlace,
    testing::Values(
        WrongPlace{"ExistingFile",
                   {"--log-json", "old"},
                   2,
                   "--log-json: old: the file exists and is not empty\nhint: --force replaces it"},
        WrongPlace{"Folder", {"--log-json", "set"}, 2, "--log-json: set: is a folder, not a file"},
        WrongPlace{
            "NoFolderAbove", {"--log-json", "none/log"}, 2, "--log-json: none/log: the folder above it does not exist"},
        WrongPlace{"FileOfTheRun",
                   {"--log-json", "run/run.json"},
                   2,
                   "--log-json: run/run.json: is a file that this run writes\nhint: choose another name for the log"},
        WrongPlace{"Empty", {"--log-json", ""}, 2, "--log-json: empty value (expected a file)"},
        WrongPlace{"FileForAFolder", {"--tensorboard", "old"}, 2, "--tensorboard: old: exists and is not a folder"},
        WrongPlace{"FileAboveTheFolder",
                   {"--log-json", "log", "--tensorboard", "old/board"},
                   4,
                   "--tensorboard: old/board: cannot make the folder: not a directory"},
        WrongPlace{"NoSteps",
                   {"--log-every", "0"},
                   2,
                   "--log-every: not a whole number between 1 and 1000000000 (got \"0\")"}));

TEST(RunLogs, MakeTheirFolderWithItsParents) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "sweep/a", "--tensorboard", "logs/a"}), folder.path()).code, 0);
  for (const char* const made : {"sweep/a/model.safetensors", "logs/a/train"})
    EXPECT_TRUE(std::filesystem::exists(folder / made)) << made;
}

TEST(RunLogs, ReplaceAnOldFileOnlyWithForce) {
  const SmallSetFolder folder;
  make_file(folder / "log", "old\n");
  const Ending ending = nib(small_training({"--out", "run", "--log-json", "log", "--force"}), folder.path());
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(events_in(folder / "log").front()["event"], "start");
}

TEST(RunLogs, DoNotReplaceAnInput) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "run"}), folder.path()).code, 0);
  const std::string weights = contents(folder / "run/model.safetensors");
  const Ending ending = nib(small_training({"--out", "next", "--weights", "run/model.safetensors", "--log-json",
                                            "run/model.safetensors", "--force"}),
                            folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: --log-json: run/model.safetensors: is an input of this run\n"));
  EXPECT_EQ(contents(folder / "run/model.safetensors"), weights);
  EXPECT_FALSE(std::filesystem::exists(folder / "next"));
}

TEST(RunLogs, DoNotReplaceAFileOfTheDataSet) {
  const SmallSetFolder folder;
  const std::string labels = contents(folder / "set/t10k-labels-idx1-ubyte");
  const Ending ending = nib(small_training({"--log-json", "set/t10k-labels-idx1-ubyte", "--force"}), folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors,
              StartsWith("nib: error: --log-json: set/t10k-labels-idx1-ubyte: is an input of this run\n"));
  EXPECT_EQ(contents(folder / "set/t10k-labels-idx1-ubyte"), labels);
}

TEST(RunLogs, WarnWhereTensorBoardWouldDrawTwoRunsAsOne) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "a", "--tensorboard", "board"}), folder.path()).errors, "");
  const Ending second = nib(small_training({"--out", "b", "--tensorboard", "board"}), folder.path());
  EXPECT_EQ(second.code, 0);
  EXPECT_EQ(second.errors,
            "nib: warning: board/train holds events of another run: TensorBoard will draw both as one\n");
}

}  // namespace
}  // namespace nib
