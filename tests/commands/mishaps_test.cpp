// What may befall a training run at any moment: file operations that fail, SIGKILL, other signals. A sample here;
// tools/mishaps does it at every operation, and tells its figures.

#include <gmock/gmock.h>

#include <cerrno>
#include <csignal>
#include <random>

#include "base/mishap_figures.h"
#include "commands/small_set.h"
#include "commands/train_child.h"
#include "formats/checkpoint_names.h"
#include "runs/small_run.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;
using test::Call;
using test::ChildEnding;
using test::TrainChild;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

std::size_t times(std::size_t sample, std::size_t all) { return test::figures_file() != nullptr ? all : sample; }

/// A network and a set that take no time, in a folder where an earlier run is the latest.
class Mishaps : public testing::Test {
 protected:
  Mishaps() {
    write_set(folder / "set", 8, 8, 40, 10);
    make_file(folder / "net.json",
              R"({"input": [8, 8, 1], "layers": [{"type": "flatten"},
                  {"type": "dense", "units": 10, "activation": "softmax"}]})");
    const ChildEnding first = train(TrainChild(), "runs/first");
    EXPECT_EQ(first.code, 0) << first.errors;
    train(TrainChild());
    const ChildEnding whole = train(TrainChild());  // as all others, into a folder that is there
    EXPECT_EQ(whole.code, 0) << whole.errors;
    calls = whole.calls;
    time = whole.time;
    weights = value_in_record("weights_sha256");
    best_weights = contents(folder / "runs/run/best.safetensors");
  }
  ~Mishaps() override {
    test::tell_figures(std::to_string(calls) + " calls a run; " + told + "; then a finished run in the folder " +
                       std::to_string(left_finished) + " times, remains " + std::to_string(left_remains) +
                       " times; a checkpoint that went on " + std::to_string(resumed) + " times");
  }

  /// The second of its three epochs is the best.
  ChildEnding train(const TrainChild& child, const std::string& run = "runs/run") {
    ++tries;
    return child.run(folder.path(), {"train", "--data", "set", "--network", "net.json", "--device", "cpu", "--threads",
                                     "1", "--epochs", "3", "--batch", "8", "--out", run, "--force", "--no-pictures",
                                     "--learning-rate", "1"});
  }

  /// What holds however a run ended.
  void expect_whole(const ChildEnding& ending) {
    bool finished = false;
    EXPECT_EQ(test::what_is_wrong(folder / "runs/run", &finished), "") << ending.errors;
    EXPECT_TRUE(fs::is_directory(folder / "runs/latest"));
    EXPECT_THAT(ending.errors, Not(HasSubstr("internal error")));
    EXPECT_TRUE(finished || ending.code != 0);
    if (finished) ++left_finished;
  }
  /// A run that was killed goes on from its checkpoint, where it has one, and ends in the same weights. Where it was
  /// killed before it had cleared the folder of an earlier run, the checkpoint is not its own, and is refused.
  void expect_resumes() {
    if (status() == "finished" || checkpoint_files(folder / "runs/run").empty()) return;
    ++tries;
    const ChildEnding ending =
        TrainChild().run(folder.path(), {"train", "--resume", "runs/run", "--threads", "1", "--no-pictures"});
    if (ending.code == 2) {
      EXPECT_THAT(ending.errors, HasSubstr("lies in a folder that is not its run's"));
      return;
    }
    EXPECT_EQ(ending.code, 0) << ending.errors;
    EXPECT_EQ(ending.errors, "");
    EXPECT_EQ(status(), "finished");
    EXPECT_EQ(value_in_record("weights_sha256"), weights);
    EXPECT_EQ(contents(folder / "runs/run/best.safetensors"), best_weights);
    EXPECT_EQ(test::remains_in(folder / "runs"), "");
    ++resumed;
  }
  /// Whoever takes the folder next finds it free and clears it of all remains.
  void expect_next_run_sweeps() {
    if (!test::remains_in(folder / "runs").empty()) ++left_remains;
    const ChildEnding next = train(TrainChild());
    EXPECT_EQ(next.code, 0) << next.errors;
    EXPECT_EQ(next.errors, "");
    EXPECT_EQ(test::remains_in(folder / "runs"), "");
  }
  std::string status() const { return value_in_record("status"); }
  std::string value_in_record(const std::string& key) const {
    const std::string record = contents(folder / "runs/run/run.json"), before = '"' + key + "\": \"";
    const std::size_t begin = record.find(before) + before.size();
    return record.substr(begin, record.find('"', begin) - begin);
  }
  microseconds some_time(microseconds most) {
    return microseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(random));
  }

  const TemporaryFolder folder{};
  std::mt19937 random{17};
  std::size_t calls = 0, tries = 0, left_remains = 0, left_finished = 0, resumed = 0;
  std::string weights, best_weights;  ///< of a run that nothing befell
  microseconds time{};
  std::string told;
};

TEST_F(Mishaps, KilledBeforeOrAfterACall) {
  const std::size_t kills = times(25, 2 * calls), step = 2 * calls / kills;
  std::size_t killed = 0;
  for (std::size_t kill = 0; kill < kills; ++kill) {
    const std::size_t at = kill * step / 2;
    const bool before = kill * step % 2 == 0;
    SCOPED_TRACE((before ? "before call " : "after call ") + std::to_string(at));
    TrainChild child;
    if (before)
      child.before = [=](std::size_t call, Call) { return call == at ? ::raise(SIGKILL) : 0; };
    else
      child.after = [=](std::size_t call) { call == at ? ::raise(SIGKILL) : 0; };
    const ChildEnding ending = train(child);
    killed += ending.code == 137;
    expect_whole(ending);
    expect_resumes();
    expect_next_run_sweeps();
  }
  EXPECT_GE(killed, kills * 9 / 10) << "nearly all calls are made each time";
  told = std::to_string(killed) + " killed of " + std::to_string(kills);
}

TEST_F(Mishaps, KilledAtAnyTime) {
  const std::size_t kills = times(25, 250);
  std::size_t killed = 0;
  for (std::size_t kill = 0; kill < kills; ++kill) {
    TrainChild child;
    child.signals = {{some_time(time), SIGKILL}};
    const ChildEnding ending = train(child);
    killed += ending.code == 137;
    expect_whole(ending);
    expect_resumes();
    expect_next_run_sweeps();
  }
  told = std::to_string(killed) + " killed of " + std::to_string(kills);
}

TEST_F(Mishaps, SignalledAtAnyTime) {
  const std::size_t runs = times(20, 300);
  std::size_t stopped = 0;
  for (std::size_t run = 0; run < runs; ++run) {
    TrainChild child;
    const int first = run % 2 == 0 ? SIGINT : SIGTERM;
    child.signals = {{some_time(time), first}};
    if (run % 3 == 0) child.signals.emplace_back(some_time(time / 10), SIGINT);
    const ChildEnding ending = train(child);
    SCOPED_TRACE("run " + std::to_string(run) + ": " + ending.errors);
    // Before the handlers are there a signal ends the child as it does any program.
    EXPECT_THAT(ending.code, AnyOf(0, 128 + first, 130));
    stopped += ending.code != 0;
    expect_whole(ending);
    EXPECT_NE(status(), "running");
    EXPECT_EQ(test::remains_in(folder / "runs"), "");
  }
  told = std::to_string(stopped) + " stopped of " + std::to_string(runs) + ", a third by two signals";
}

TEST_F(Mishaps, ACallThatFails) {
  const std::pair<const char*, int> all[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},     {"EDQUOT", EDQUOT},
                                             {"EINTR", EINTR},   {"EROFS", EROFS}, {"ENOSPC from there on", ENOSPC}};
  const std::size_t strikes = times(30, calls * std::size(all)), step = calls * std::size(all) / strikes;
  std::size_t failed = 0;
  for (std::size_t strike = 0; strike < strikes; ++strike) {
    const std::size_t at = strike * step / std::size(all);
    const auto& [name, error] = all[strike * step % std::size(all)];
    const bool lasts = strike * step % std::size(all) == std::size(all) - 1;
    SCOPED_TRACE("call " + std::to_string(at) + ": " + name);
    TrainChild child;
    child.before = [=, error = error](std::size_t call, Call which) {
      const bool gives_back = which == Call::unlink || which == Call::close || which == Call::rmdir;
      return call == at || (lasts && call > at && !gives_back) ? error : 0;
    };
    const ChildEnding ending = train(child);
    EXPECT_THAT(ending.code, AnyOf(0, 4)) << ending.errors;
    failed += ending.code != 0;
    expect_whole(ending);
    EXPECT_TRUE(lasts || status() != "running");
    if (!lasts) expect_next_run_sweeps();
  }
  told = std::to_string(failed) + " failed of " + std::to_string(strikes);
}

}  // namespace
}  // namespace nib
