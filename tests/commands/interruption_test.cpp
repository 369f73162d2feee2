// Signals at a running training.

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::Eq;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A run that would go on for hours, in its first epochs.
class LongRun : public testing::Test {
 protected:
  explicit LongRun(const std::string& slurm_job = "")
      : program(small_training({"--epochs", "100000", "--out", "run"})) {
    program.in(folder.path()).with_environment("SLURM_JOB_ID", slurm_job);
    // ThreadSanitizer would tell of the thread that writes when a second signal does not wait for it.
    program.with_environment("TSAN_OPTIONS", "report_thread_leaks=0").start();
    reached_second_epoch = program.wait_for_output("Epoch 1/100000 - ");
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder / ("run/" + name)); }
  json record() const { return json::parse(contents(folder / "run/run.json")); }
  /// Both signals are there when the stopped program wakes up: it has no time to save between them.
  Ending end_by_two_signals() {
    for (const int signal : {SIGSTOP, SIGINT, SIGTERM, SIGCONT}) program.signal(signal);
    return program.wait();
  }

  const SmallSetFolder folder;
  Program program;
  bool reached_second_epoch = false;
};

TEST_F(LongRun, KeepsCheckpointAndHistoryWhenInterrupted) {
  ASSERT_TRUE(reached_second_epoch);
  program.signal(SIGINT);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 130);
  EXPECT_THAT(ending.errors, StartsWith("nib: stopped by SIGINT: the run so far is in run\n"
                                        "hint: to go on from there: nib train --resume run\n"));
  EXPECT_TRUE(exists("checkpoint.safetensors"));
  EXPECT_FALSE(exists("model.safetensors"));
  EXPECT_FALSE(exists(".lock"));
  EXPECT_THAT(contents(folder / "run/history.csv"), HasSubstr("\n1,"));
  EXPECT_EQ(record()["status"], "interrupted");
  EXPECT_GE(record()["history"]["loss"].size(), 1u);

  const Ending evaluation =
      nib({"evaluate", "run/checkpoint.safetensors", "--data", "set", "--device", "cpu"}, folder.path());
  EXPECT_EQ(evaluation.code, 0) << evaluation.errors;
}

TEST_F(LongRun, SaysWhatIsMissingWhenItsFolderIsGone) {
  ASSERT_TRUE(reached_second_epoch);
  std::filesystem::remove_all(folder / "run");
  program.signal(SIGTERM);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 4);
  // The next checkpoint may have come before the signal.
  EXPECT_THAT(ending.errors, AnyOf(HasSubstr("nib: error: run: stopped by SIGTERM, but could not write "
                                             "the checkpoint, history.csv and run.json\n"),
                                   Eq("nib: error: run: the folder was removed, or taken by another run\n")));
  EXPECT_THAT(ending.errors, Not(HasSubstr("so far is in")));
}

TEST_F(LongRun, NamesTheSignalThatEndedIt) {
  ASSERT_TRUE(reached_second_epoch);
  program.signal(SIGTERM);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 143);
  EXPECT_THAT(ending.errors, StartsWith("nib: stopped by SIGTERM: "));
  EXPECT_EQ(record()["reason"], "signal 15");
}

TEST_F(LongRun, EndsAtOnceWithTheSecondSignal) {
  ASSERT_TRUE(reached_second_epoch);
  const Ending ending = end_by_two_signals();
  EXPECT_THAT(ending.code, testing::AnyOf(130, 143));
  EXPECT_FALSE(exists("model.safetensors"));
  EXPECT_EQ(record()["status"], "interrupted");
  EXPECT_EQ(ending.errors, "nib: stopped at once by a second signal: what was not saved by then is lost\n");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "run"))
    EXPECT_THAT(entry.path().filename(), testing::AnyOf("run.json", "checkpoint.safetensors"));
}

class LongRunOfSlurm : public LongRun {
 protected:
  LongRunOfSlurm() : LongRun("7") {}
};

TEST_F(LongRunOfSlurm, SavesAlsoWhereSlurmAsksTwice) {
  ASSERT_TRUE(reached_second_epoch);
  const Ending ending = end_by_two_signals();
  EXPECT_EQ(ending.code, 130);
  EXPECT_THAT(ending.errors, StartsWith("nib: stopped by SIGINT: the run so far is in run\n"));
  EXPECT_TRUE(exists("history.csv"));
}

TEST_F(LongRun, KeepsAnotherRunOutOfItsFolder) {
  ASSERT_TRUE(reached_second_epoch);
  const Ending ending = nib(small_training({"--out", "run", "--force"}), folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors, "nib: error: --out: run: another run is writing into this folder (process " +
                               std::to_string(program.process()) + ")\nhint: wait for it, or choose another folder\n");
  EXPECT_EQ(record()["status"], "running");
}

TEST_F(LongRun, LeavesALockThatHoldsNobodyUpWhenItIsKilled) {
  ASSERT_TRUE(reached_second_epoch);
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait().code, 137);
  EXPECT_TRUE(exists(".lock"));
  EXPECT_EQ(nib(small_training({"--out", "run", "--force"}), folder.path()).code, 0);
  EXPECT_FALSE(exists(".lock"));
}

TEST(Interruption, AmongThePicturesOfAFinishedRunIsToldByTheExitCode) {
  const SmallSetFolder folder;
  Program program(drawn_training({"--out", "run"}));
  program.in(folder.path()).start();
  const auto status = [&] {
    const json record = json::parse(contents(folder / "run/run.json"), nullptr, false);
    return record.is_object() ? record["status"] : json();
  };
  while (status() != "finished") std::this_thread::sleep_for(std::chrono::milliseconds(1));
  program.signal(SIGTERM);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 143);
  EXPECT_THAT(ending.errors, StartsWith("nib: stopped by SIGTERM: the run is finished and in run"));
  EXPECT_TRUE(std::filesystem::exists(folder / "run/model.safetensors"));
  EXPECT_EQ(status(), "finished");
}

}  // namespace
}  // namespace nib
