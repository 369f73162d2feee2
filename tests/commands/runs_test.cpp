// nib runs: the table of runs.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "commands/small_set.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Runs : public testing::Test {
 protected:
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  json list(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"runs", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json::parse(run(arguments).output)["runs"];
  }
  std::vector<std::string> folders(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> names;
    for (const json& each : list(more)) names.push_back(each["folder"]);
    return names;
  }
  /// In the state in which a kill leaves it behind its second epoch: the checkpoint of the first one is written by
  /// then.
  void make_broken_off(const std::string& out) const {
    Program program(small_training({"--epochs", "100000", "--out", out}));
    program.in(folder.path()).start();
    ASSERT_TRUE(program.wait_for_output("Epoch 3/100000 - "));
    program.signal(SIGKILL);
    program.wait();
  }
  const SmallSetFolder folder{};
};

TEST_F(Runs, AreListedWithTheirFigures) {
  ASSERT_EQ(run(small_training({"--out", "runs/one"})).code, 0);
  ASSERT_EQ(run(small_training({"--out", "runs/sweep/a", "--epochs", "1", "--seed", "3"})).code, 0);
  const json all = list();
  ASSERT_EQ(all.size(), 2u) << "the link runs/latest is none";
  const json record = json::parse(contents(folder / "runs/one/run.json"));
  EXPECT_EQ(all[0]["folder"], "runs/one");
  EXPECT_EQ(all[0]["state"], "finished");
  EXPECT_EQ(all[0]["epochs"], 2);
  EXPECT_EQ(all[0]["accuracy"], record["test"]["accuracy"]);
  EXPECT_EQ(all[0]["weights_sha256"], record["weights_sha256"]);
  EXPECT_GE(all[0]["bytes"], fs::file_size(folder / "runs/one/model.safetensors"));
  EXPECT_EQ(all[0]["way_on"], nullptr);
  const Ending text = run({"runs"});
  EXPECT_THAT(text.output, MatchesRegex("run +state +data +epochs +accuracy +best +weights +size\n"
                                        "runs/one +finished +[a-z]+ +2/2 +0\\.[0-9]+ +[12] +[0-9a-f]+ +[0-9.]+ MB\n"
                                        "runs/sweep/a +finished +[a-z]+ +1/1 +.*MB\n"));
  EXPECT_EQ(run({"runs", "runs/one"}).code, 0) << "a run itself";
}

TEST_F(Runs, ThatWereKilledAreToldWithTheCommandThatGoesOn) {
  make_broken_off("runs/killed");
  ASSERT_EQ(run(small_training({"--out", "runs/whole"})).code, 0);
  const json killed = list({"--state", "broken-off"});
  ASSERT_EQ(killed.size(), 1u);
  EXPECT_EQ(killed[0]["state"], "broken off");
  EXPECT_GE(killed[0]["epochs"], 1);
  EXPECT_EQ(killed[0]["epochs_planned"], 100000);
  EXPECT_EQ(killed[0]["way_on"], "nib train --resume runs/killed");
  EXPECT_THAT(run({"runs"}).output, HasSubstr("\nruns/killed goes on with: nib train --resume runs/killed\n"));
}

TEST_F(Runs, ThatGoOnAreRunning) {
  Program program(small_training({"--epochs", "100000", "--out", "runs/long"}));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("Epoch 1/100000 - "));
  EXPECT_EQ(list()[0]["state"], "running");
  EXPECT_THAT(run({"runs"}).output, Not(HasSubstr("goes on with")));
  program.signal(SIGINT);
  program.wait();
  EXPECT_EQ(list()[0]["state"], "interrupted");
}

TEST_F(Runs, AreSortedAndFiltered) {
  ASSERT_EQ(run(small_training({"--out", "runs/b", "--epochs", "3"})).code, 0);
  ASSERT_EQ(run(small_training({"--out", "runs/a", "--epochs", "1", "--learning-rate", "1e-9"})).code, 0);
  EXPECT_THAT(folders({"--sort", "name"}), testing::ElementsAre("runs/a", "runs/b"));
  EXPECT_THAT(folders({"--sort", "accuracy"}), testing::ElementsAre("runs/a", "runs/b"));
  EXPECT_THAT(folders({"--state", "failed"}), testing::IsEmpty());
  EXPECT_EQ(run({"runs", "--sort", "size"}).code, 2);
}

TEST_F(Runs, ThatCannotBeReadAreToldAndLeftOut) {
  fs::create_directories(folder / "runs/bad");
  make_file(folder / "runs/bad/run.json", "{");
  const Ending ending = run({"runs"});
  EXPECT_EQ(ending.code, 0);
  EXPECT_EQ(ending.output, "no runs in runs\n");
  EXPECT_THAT(ending.errors, HasSubstr("nib: warning: runs/bad/run.json: "));
  EXPECT_EQ(run({"runs", "nowhere"}).code, 4);
}

}  // namespace
}  // namespace nib
