// What may befall one of several ranks: all of them end in bounded time, one line names it, and the run's folder tells
// the truth.

#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "commands/launched.h"
#include "engines/cpu/instructions.h"
#include "tests/places.h"

namespace nib {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class RankMishaps : public UnderMpi {
 protected:
  /// A training by three ranks that would go on for hours. Checkpoints are written beside it, and the first one is sure
  /// to be there behind the epoch after the next.
  void start_long_run(const std::string& before = "") {
    program = launched(3, before + " NIB_RANK_TIMEOUT=2", small_training({"--epochs", "100000", "--out", "run"}));
    program->start();
    ASSERT_TRUE(program->wait_for_output("Epoch 3/100000 - ")) << program->errors_so_far();
  }
  std::string reason() const { return nlohmann::json::parse(contents(folder / "run/run.json"))["reason"]; }
  std::unique_ptr<Program> program;
};

TEST_P(RankMishaps, OtherDataAreRefused) {
  std::filesystem::copy(folder / "set", folder / "set-0", std::filesystem::copy_options::recursive);
  std::filesystem::copy(folder / "set", folder / "set-1", std::filesystem::copy_options::recursive);
  std::fstream labels(folder / "set-1/train-labels-idx1-ubyte", std::ios::in | std::ios::out | std::ios::binary);
  labels.seekp(-1, std::ios::end);
  labels.put(labels.peek() == 3 ? 4 : 3);
  labels.close();
  const Ending ending = run(2, {"train", "--data", "set-$RANK", "--device", "cpu", "--out", "run"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(lines_of_nib(ending),
              ElementsAre(AllOf(StartsWith("nib: error: rank 1: data file "), HasSubstr(": is not that of rank 0"))));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_P(RankMishaps, OtherSettingsAreRefused) {
  const Ending ending = run(3, small_training({"--seed", "$((RANK / 2))", "--out", "run"}));
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre("nib: error: rank 2: seed: is not that of rank 0 (expected 0, got 1)"));
}

TEST_P(RankMishaps, ARankThatEndsBeforeMpiStartsEndsTheOther) {
  const Ending ending =
      launched(2, "test $RANK = 0 || exit 1; NIB_RANK_TIMEOUT=1", small_training({"--out", "run"}))->run();
  EXPECT_NE(ending.code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
  if (GetParam() == "mpich") {
    EXPECT_THAT(lines_of_nib(ending), ElementsAre("nib: error: rank 0: MPI did not start within 1 s"));
  }
}

TEST_P(RankMishaps, AnUnknownWordForRanksIsRefused) {
  const Ending ending = launched(2, "NIB_RANKS=of", small_training({"--out", "run"}))->run();
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(lines_of_nib(ending),
              ElementsAre("nib: error: NIB_RANKS: no word for ranks (expected auto, mpi or off, got \"of\")"));
}

TEST_P(RankMishaps, OtherInstructionsAreRefusedSlow) {
  if (cpu::choose_instructions() == cpu::Instructions::scalar) GTEST_SKIP() << "this processor has no AVX2";
  const Ending ending =
      launched(2, "test $RANK = 0 || export NIB_INSTRUCTIONS=scalar;", small_training({"--out", "run"}))->run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(AllOf(StartsWith("nib: error: rank 1: instructions: is not that of"),
                                                      HasSubstr("got scalar"))));
}

TEST_P(RankMishaps, AnotherBuildIsRefusedSlow) {
  // A copy with a byte more is another build to who compares hashes.
  const auto here = std::filesystem::path(NIB_PROGRAM).parent_path();
  std::filesystem::copy(NIB_PROGRAM, folder / "nib");
  for (const auto& entry : std::filesystem::directory_iterator(here))
    if (entry.path().filename().string().starts_with("libnib_mpi-"))
      std::filesystem::create_symlink(entry.path(), folder / entry.path().filename().string());
  std::ofstream(folder / "nib", std::ios::app).put('\0');
  const Ending ending = launched(2, "test $RANK = 0 || exec ./nib train --data set --device cpu --out other;",
                                 {"train", "--data", "set", "--device", "cpu", "--out", "run"})
                            ->run();
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(StartsWith("nib: error: rank 1: build: is not that of rank 0")));
}

TEST_P(RankMishaps, AnErrorOfOneRankEndsAll) {
  const Ending ending = launched(3, "test $RANK != 2 || cd /;", small_training({"--out", "run"}))->run();
  EXPECT_NE(ending.code, 0);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(StartsWith("nib: error: rank 2: ")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_P(RankMishaps, AnErrorOfAllIsToldOnceSlow) {
  const Ending ending = run(3, {"train", "--data", "nowhere", "--device", "cpu"});
  EXPECT_NE(ending.code, 0);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(HasSubstr("nowhere")));
}

TEST_P(RankMishaps, ASignalToOneRankStopsAll) {
  start_long_run();
  kill(process_of(1), SIGTERM);
  const Ending ending = program->wait();
  EXPECT_EQ(ending.code, 128 + SIGTERM);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(StartsWith("nib: stopped by SIGTERM: the run so far is in run")));
  EXPECT_EQ(status_of("run"), "interrupted");
  EXPECT_EQ(reason(), "signal 15");
  EXPECT_TRUE(std::filesystem::exists(folder / "run/checkpoint.safetensors"));
}

TEST_P(RankMishaps, CtrlCAtMpirunStopsAllSlow) {
  start_long_run();
  program->signal(SIGINT);
  EXPECT_THAT(program->wait().code, AnyOf(1, 128 + SIGINT, 0)) << "mpirun has codes of its own; MPICH's is 0 at times";
  EXPECT_EQ(status_of("run"), "interrupted");
  EXPECT_TRUE(std::filesystem::exists(folder / "run/checkpoint.safetensors"));
}

TEST_P(RankMishaps, ARankThatStandsStillIsNamedSlow) {
  start_long_run();
  kill(process_of(2), SIGSTOP);
  const Ending ending = program->wait();
  kill(process_of(2), SIGKILL);
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre("nib: error: no answer from rank 2 within 2 s"));
  EXPECT_EQ(status_of("run"), "failed");
  EXPECT_EQ(reason(), "no answer from rank 2 within 2 s");
}

TEST_P(RankMishaps, AKilledRankEndsAllSlow) {
  start_long_run();
  kill(process_of(1), SIGKILL);
  const Ending ending = program->wait();
  EXPECT_NE(ending.code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "run/checkpoint.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(Mpi, RankMishaps, testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nib
