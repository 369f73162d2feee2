// Ranks over MPI: one training by processes that mpirun starts, with the bits of one process.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/launched.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class RanksOf : public UnderMpi {
 protected:
  /// That so many ranks train to the weights of one process.
  void expect_same_weights(std::vector<unsigned> numbers) const {
    ASSERT_EQ(nib(small_training({"--out", "alone"}), folder.path()).code, 0);
    for (const unsigned ranks : numbers) {
      const std::string out = "by-" + std::to_string(ranks);
      const Ending ending = run(ranks, small_training({"--out", out}));
      ASSERT_EQ(ending.code, 0) << ending.errors;
      EXPECT_EQ(value_of(ending.output, "weights sha256: "), hash_of("alone")) << ranks;
      EXPECT_EQ(contents(folder / (out + "/test_predictions.csv")), contents(folder / "alone/test_predictions.csv"));
    }
  }
};

TEST_P(RanksOf, TrainToTheWeightsOfOneProcess) { expect_same_weights({2, 3}); }

TEST_P(RanksOf, TrainToTheWeightsOfOneProcessHoweverManySlow) { expect_same_weights({1, 4, 8}); }

TEST_P(RanksOf, AreToldAndRecordedOnce) {
  const Ending ending = run(2, small_training({"--out", "run"}));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("\nRanks: 2, over "));
  EXPECT_EQ(ending.output.find("weights sha256: "), ending.output.rfind("weights sha256: ")) << "one rank tells";
  EXPECT_THAT(lines_of_nib(ending), IsEmpty());
  EXPECT_EQ(json::parse(contents(folder / "run/run.json"))["ranks"], 2);
  EXPECT_EQ(nib({"reproduce", "run"}, folder.path()).code, 0) << "by one process";
}

TEST_P(RanksOf, GoOnWithTheCheckpointOfAnotherNumber) {
  ASSERT_EQ(nib(small_training({"--out", "alone", "--epochs", "3"}), folder.path()).code, 0);
  ASSERT_EQ(run(4, small_training({"--out", "run", "--epochs", "1"})).code, 0);
  const Ending ending = run(3, {"train", "--resume", "run", "--epochs", "3", "--no-pictures"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(hash_of("run"), hash_of("alone"));
}

TEST_P(RanksOf, TestTheWeightsThatTheRunEndsWithSlow) {
  const std::vector<std::string> best{"--epochs", "4", "--learning-rate", "0.05", "--restore-best"};
  std::vector<std::string> alone = small_training(best), together = alone;
  alone.insert(alone.end(), {"--out", "alone"});
  together.insert(together.end(), {"--out", "run"});
  ASSERT_EQ(nib(alone, folder.path()).code, 0);
  ASSERT_EQ(run(2, together).code, 0);
  EXPECT_EQ(contents(folder / "run/test_predictions.csv"), contents(folder / "alone/test_predictions.csv"));
}

TEST_P(RanksOf, EvaluateTogether) {
  ASSERT_EQ(nib(small_training({"--out", "run"}), folder.path()).code, 0);
  const std::vector<std::string> arguments{"evaluate", "run", "--device", "cpu", "--quiet"};
  const Ending alone = nib(arguments, folder.path()), together = run(2, arguments);
  EXPECT_EQ(together.code, 0) << together.errors;
  EXPECT_EQ(together.output, alone.output);
}

TEST_P(RanksOf, AreMeasuredByBenchSlow) {
  const Ending ending =
      run(2, {"bench", "--data", "set", "--epochs", "1", "--threads", "1", "--batch", "32", "--json"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  EXPECT_THAT(document["ranks"]["strong"], SizeIs(2));
  EXPECT_EQ(document["ranks"]["strong"][1]["ranks"], 2);
  EXPECT_EQ(document["ranks"]["strong"][1]["batch"], 32);
  ASSERT_THAT(document["ranks"]["weak"], SizeIs(1));
  EXPECT_EQ(document["ranks"]["weak"][0]["batch"], 64);
  EXPECT_GT(document["ranks"]["weak"][0]["efficiency"], 0.0);
}

TEST_P(RanksOf, AreRefusedUnderTheLauncherOfAnotherMpi) {
  const std::string other = GetParam() == "openmpi" ? "mpich" : "openmpi";
  const Ending ending = launched(2, "NIB_MPI=" + other, small_training({"--out", "run"}))->run();
  EXPECT_EQ(ending.code, 5) << ending.errors;
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(HasSubstr("the launcher belongs to another MPI")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_P(RanksOf, WorkAloneWhereTheyAreOff) {
  const Ending ending = run(2, small_training({"--ranks", "off", "--out", "run-$RANK"}));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(hash_of("run-0"), hash_of("run-1"));
}

TEST_P(RanksOf, AreRefusedByCommandsForOneProcessSlow) {
  const Ending ending = run(2, {"show", "--data", "set"});
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(StartsWith("nib: error: nib show: is for one process")));
}

TEST_P(RanksOf, AreRefusedGpusSlow) {
  const Ending ending = run(2, {"train", "--data", "set", "--device", "cuda", "--out", "run"});
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(lines_of_nib(ending), ElementsAre(HasSubstr("--device: ranks compute on CPUs alone for now")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

INSTANTIATE_TEST_SUITE_P(Mpi, RanksOf, testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nib
