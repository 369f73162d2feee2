// A sweep is what its runs are one by one: however they were made, shared out and broken off.

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>

#include "commands/small_sweep.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Sweep, MakesEveryRunAsTrainMakesIt) {
  const Ending ending = run(small_sweep("all"));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, StartsWith("4 runs: 2 settings with 2 seeds each; 2 at a time, 1 thread each\n"));
  EXPECT_THAT(ending.output, HasSubstr("[4/4] learning-rate 0.0"));
  EXPECT_THAT(ending.output, HasSubstr(" was chosen: its mean validation accuracy, "));
  for (const char* const name : {"plan.json", "sweep.csv", "sweep_runs.csv", "sweep.json", "sweep.html", "sweep.svg"})
    EXPECT_TRUE(fs::exists(folder / "all" / name)) << name;
  const json record = document("all/learning-rate=0.01_seed=1/run.json");
  EXPECT_EQ(record["configuration"]["learning_rate"], 0.01);
  EXPECT_EQ(record["configuration"]["seed"], 1);
  const Ending alone =
      run(small_training({"--network", "small.json", "--learning-rate", "0.01", "--seed", "1", "--out", "one"}));
  EXPECT_EQ(value_of(alone.output, "weights sha256: "), record["weights_sha256"]);
  const json sweep = document("all/sweep.json");
  EXPECT_EQ(sweep["runs"][3]["weights_sha256"], record["weights_sha256"]);
  EXPECT_EQ(sweep["runs"][3]["val_accuracy"], record["history"]["val_accuracy"][1]);
  EXPECT_THAT(file("all/learning-rate=0.01_seed=1/train.log"), HasSubstr("\nEpoch 2/2 - "));
  EXPECT_FALSE(fs::exists(folder / "all/learning-rate=0.01_seed=1/report.html")) << "pictures are asked for";
}

TEST_F(Sweep, ShowsTestFiguresOfTheChosenSettingAlone) {
  const Ending ending = run(small_sweep("all", {"--json"}));
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json sweep = json::parse(ending.output);
  EXPECT_EQ(sweep, document("all/sweep.json"));
  const std::size_t chosen = sweep["choice"]["setting"];
  const double best = sweep["settings"][chosen]["val_accuracy"]["mean"];
  EXPECT_GE(best, sweep["settings"][1 - chosen]["val_accuracy"]["mean"]);
  EXPECT_TRUE(sweep["settings"][chosen]["test_accuracy"].is_object());
  EXPECT_TRUE(sweep["settings"][1 - chosen]["test_accuracy"].is_null());
  ASSERT_EQ(run({"sweep", "--collect", "all", "--all-tests"}).code, 0);
  EXPECT_TRUE(document("all/sweep.json")["settings"][1 - chosen]["test_accuracy"].is_object());
}

TEST_F(Sweep, KilledAndResumedEndsInTheSameTable) {
  Program program(small_sweep("all"));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("[1/4]"));
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait().code, 137);
  EXPECT_FALSE(fs::exists(folder / "all/sweep.csv"));
  const fs::path elsewhere = folder / "elsewhere";
  fs::create_directory(elsewhere);
  const Ending ending = nib({"sweep", "--resume", "../all"}, elsewhere);
  ASSERT_EQ(ending.code, 0) << ending.errors << ending.output;
  EXPECT_THAT(ending.output, Not(HasSubstr("[4/4]"))) << "what was finished is not made again";
  expect_whole("all");
}

TEST_F(Sweep, StoppedEndsItsRunsInGoodOrder) {
  Program program(small_sweep("all", {"--epochs", "20000"}));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("at a time"));
  const fs::path log = folder / "all/learning-rate=0.001_seed=0/train.log";
  ASSERT_TRUE(comes_true([&] { return fs::exists(log) && contents(log).find("\nEpoch 2/") != std::string::npos; }));
  program.signal(SIGINT);
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 130);
  EXPECT_THAT(ending.errors,
              StartsWith("nib: stopped by SIGINT: 0 of 4 runs are finished\nhint: to go on: nib sweep --resume "));
  EXPECT_EQ(document("all/learning-rate=0.001_seed=0/run.json")["status"], "interrupted");
  EXPECT_TRUE(fs::exists(folder / "all/learning-rate=0.001_seed=0/checkpoint.safetensors"));
  EXPECT_FALSE(fs::exists(folder / "all/learning-rate=0.001_seed=1")) << "no other run begins";
}

TEST_F(Sweep, StoppedTwiceLeavesNoProcessBehind) {
  Program program(small_sweep("all", {"--epochs", "20000"}));
  program.in(folder.path()).start();
  const auto is_at_work = [this](const char* run) { return fs::exists(folder / "all" / run / ".lock"); };
  const char *const one = "learning-rate=0.001_seed=0", *const other = "learning-rate=0.01_seed=0";
  ASSERT_TRUE(comes_true([&] { return is_at_work(one) && is_at_work(other); }));
  program.signal(SIGINT);
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_TRUE(comes_true([&] { return !is_at_work(one) && !is_at_work(other); }));
}

TEST_F(Sweep, OneDivergedRunEndsNoOther) {
  const Ending ending = run({"sweep", "--data", "set", "--device", "cpu", "--epochs", "1", "--learning-rate",
                             "0.01,1e30", "--seeds", "0-1", "--out", "all"});
  EXPECT_EQ(ending.code, 6);
  EXPECT_THAT(ending.errors,
              HasSubstr("all: 2 of 4 runs failed, the first of them learning-rate 1e30, seed 0: training: step "));
  EXPECT_THAT(ending.output, HasSubstr("\nlearning-rate 0.01 was chosen: "));
  const json sweep = document("all/sweep.json");
  EXPECT_EQ(sweep["settings"][0]["finished"], 2);
  EXPECT_EQ(sweep["settings"][1]["failed"], 2);
  EXPECT_THAT(file("all/learning-rate=1e30_seed=0/train.log"), HasSubstr("is not finite"));
  EXPECT_THAT(run({"sweep", "--resume", "all"}).output, HasSubstr("; 0 to be made\n")) << "it would diverge again";
}

TEST_F(Sweep, OneFailedRunEndsNoOtherAndIsTriedAgain) {
  ASSERT_EQ(run(small_sweep("all", {"--print-parallel"})).code, 0);
  const fs::path in_the_way = folder / "all/learning-rate=0.001_seed=0/model.safetensors";
  fs::create_directories(in_the_way);
  const Ending ending = run({"sweep", "--resume", "all"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors,
              HasSubstr("all: 1 of 4 runs failed, the first of them learning-rate 0.001, seed 0: --out: "));
  EXPECT_THAT(ending.errors, HasSubstr("a folder has the name of a file that would be written"));
  EXPECT_THAT(file("all/learning-rate=0.001_seed=0/train.log"), StartsWith("nib: error: --out: "));
  EXPECT_EQ(document("all/sweep.json")["settings"][0]["finished"], 1);
  EXPECT_THAT(run({"sweep", "--collect", "all"}).errors, HasSubstr("1 of 4 runs failed")) << "its log tells";
  fs::remove(in_the_way);
  ASSERT_EQ(run({"sweep", "--resume", "all"}).code, 0);
  expect_whole("all");
}

TEST_F(Sweep, ChecksWhatItKeeps) {
  ASSERT_EQ(run(small_sweep("all")).code, 0);
  const fs::path first = folder / "all/learning-rate=0.001_seed=0", second = folder / "all/learning-rate=0.001_seed=1";
  fs::copy_file(first / "model.safetensors", second / "model.safetensors", fs::copy_options::overwrite_existing);
  fs::remove_all(folder / "all/learning-rate=0.01_seed=0");
  const Ending ending = run({"sweep", "--resume", "all"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.output, HasSubstr("; 1 to be made; "));
  EXPECT_THAT(ending.errors, HasSubstr("1 of 4 runs failed, the first of them learning-rate 0.001, seed 1: "));
  EXPECT_THAT(ending.errors, HasSubstr("not the weights of this run"));
  EXPECT_THAT(ending.errors, HasSubstr("hint: remove the run's folder, then nib sweep --resume "));
  fs::remove_all(second);
  fs::copy(first, second);
  EXPECT_THAT(
      run({"sweep", "--collect", "all"}).errors,
      HasSubstr("run.json: configuration.seed: made with another seed than the sweep's plan has (expected 1, got 0)"));
  fs::remove_all(second);
  ASSERT_EQ(run({"train", "--resume", "all/learning-rate=0.001_seed=0", "--epochs", "3"}).code, 0);
  EXPECT_THAT(
      run({"sweep", "--resume", "all"}).errors,
      HasSubstr("configuration.epochs: made with another setting than the sweep's plan has (expected 2, got 3)"));
  fs::remove_all(first);
  ASSERT_EQ(run({"sweep", "--resume", "all"}).code, 0);
  expect_whole("all");
}

TEST_F(Sweep, DoesNotGoOnWithOtherData) {
  ASSERT_EQ(run(small_sweep("all", {"--print-parallel"})).code, 0);
  write_set(folder / "other", 28, 28, 140, 100);
  fs::remove_all(folder / "set");
  EXPECT_EQ(run({"sweep", "--resume", "all"}).code, 4);
  fs::rename(folder / "other", folder / "set");
  const Ending ending = run({"sweep", "--resume", "all"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors,
              HasSubstr("learning-rate 0.001: SHA-256 of the data's files[0]: changed since the sweep began"));
  EXPECT_FALSE(fs::exists(folder / "all/learning-rate=0.001_seed=0"));
}

TEST_F(Sweep, KeepsASecondOneOutOfItsFolder) {
  Program program(small_sweep("all", {"--epochs", "20000"}));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("at a time"));
  for (const char* const way : {"--resume", "--collect"}) {
    const Ending ending = run({"sweep", way, "all"});
    EXPECT_EQ(ending.code, 2);
    EXPECT_THAT(ending.errors, HasSubstr("another run is writing into this folder"));
  }
  EXPECT_THAT(run(small_sweep("all")).errors, HasSubstr("the folder exists\nhint: nib sweep --resume "));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().code, 143);
}

TEST_F(Sweep, TakesNoPlanThatWritesElsewhere) {
  ASSERT_EQ(run(small_sweep("all", {"--print-parallel"})).code, 0);
  json plan = document("all/plan.json");
  plan["common"]["out"] = "/elsewhere";
  make_file(folder / "all/plan.json", plan.dump());
  const Ending ending = run({"sweep", "--resume", "all"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("plan.json: out: is no option of a sweep's runs"));
}

TEST_F(Sweep, TakesNoSettingsFileThatSetsWhatIsItsOwn) {
  make_file(folder / "one.toml", "epochs = 1\nseed = 3\n");
  const Ending ending = run({"sweep", "--config", "one.toml", "--data", "set", "--out", "all"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: one.toml: line 2: seed: is no setting of a sweep's runs\nhint: it is --seeds\n");
  EXPECT_FALSE(fs::exists(folder / "all"));
}

TEST_F(Sweep, PrintsNoJobsForAFolderWithALineBreak) {
  const Ending ending = run(small_sweep("two\nlines", {"--print-parallel"}));
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, HasSubstr("two\\x0alines: has a line break in its name"));
  EXPECT_EQ(ending.output, "");
  EXPECT_FALSE(fs::exists(folder / "two\nlines"));
}

/// By a shell, as a scheduler would.
int shell(const std::string& line, const fs::path& folder) {
  const int status = std::system(("cd '" + folder.string() + "' && " + line + " >shell.txt 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(Sweep, PrintsAnArrayJobForSlurm) {
  const Ending printed = run(small_sweep("all", {"--print-slurm"}));
  ASSERT_EQ(printed.code, 0) << printed.errors;
  EXPECT_THAT(printed.output, StartsWith("#!/bin/bash\n"));
  EXPECT_THAT(printed.output, HasSubstr("\n#SBATCH --array=0-3\n"));
  make_file(folder / "job.sh", printed.output);
  EXPECT_EQ(shell("bash -n job.sh", folder.path()), 0) << file("shell.txt");
  EXPECT_NE(shell("env -u SLURM_ARRAY_TASK_ID bash job.sh", folder.path()), 0) << "no element, no run";
  EXPECT_EQ(shell("SLURM_ARRAY_TASK_ID=2 SLURM_PROCID=0 SLURM_NTASKS=1 bash job.sh", folder.path()), 0)
      << file("shell.txt");
  EXPECT_EQ(document("all/learning-rate=0.001_seed=1/run.json")["status"], "finished");
  const Ending part = run({"sweep", "--collect", "all"});
  EXPECT_EQ(part.code, 3);
  EXPECT_THAT(part.errors, HasSubstr("3 of 4 runs are not finished\nhint: nib sweep --resume "));
  EXPECT_THAT(run({"sweep", "--resume", "all", "--print-slurm"}).output, HasSubstr("\n#SBATCH --array=0-1,3\n"));
}

TEST_F(Sweep, SharesOutElementsWhereSlurmHasTooFew) {
  const Ending printed = run({"sweep", "--data", "set", "--device", "cpu", "--network", "small.json", "--batch", "32",
                              "--epochs", "1", "--seeds", "0-2499", "--out", "all", "--print-slurm"});
  ASSERT_EQ(printed.code, 0) << printed.errors;
  EXPECT_THAT(printed.output, HasSubstr("\n#SBATCH --array=0-999\n"));
  EXPECT_THAT(printed.output, HasSubstr("\nruns=(0-1 2-4 5-6 7-9 "));
  EXPECT_THAT(printed.output, HasSubstr(" 2495-2496 2497-2499)\n"));
  make_file(folder / "job.sh", printed.output);
  EXPECT_EQ(shell("SLURM_ARRAY_TASK_ID=999 bash job.sh", folder.path()), 0) << file("shell.txt");
  for (const char* const run : {"seed=2497", "seed=2498", "seed=2499"})
    EXPECT_EQ(document(fs::path("all") / run / "run.json")["status"], "finished");
  EXPECT_FALSE(fs::exists(folder / "all/seed=2496"));
  EXPECT_NE(shell("SLURM_ARRAY_TASK_ID=1000 bash job.sh", folder.path()), 0) << "no element, no run";
  EXPECT_NE(shell("env -u SLURM_ARRAY_TASK_ID bash job.sh", folder.path()), 0);
  fs::remove_all(folder / "all/seed=2498");
  EXPECT_THAT(run({"sweep", "--resume", "all", "--print-slurm"}).output, HasSubstr(" 2493-2494 2495-2496,2498)\n"));
}

TEST_F(Sweep, PrintsNoArrayJobForAFolderWithABackslash) {
  const Ending ending = run(small_sweep("back\\slash", {"--print-slurm"}));
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, HasSubstr("has a backslash in its name, which sbatch does not keep"));
  EXPECT_EQ(ending.output, "");
  EXPECT_EQ(run(small_sweep("back\\slash", {"--print-parallel"})).code, 0);
}

TEST_F(Sweep, PrintsAListForGnuParallel) {
  const Ending printed = run(small_sweep("all's", {"--print-parallel"}));
  ASSERT_EQ(printed.code, 0) << printed.errors;
  EXPECT_EQ(std::ranges::count(printed.output, '\n'), 4);
  make_file(folder / "list", printed.output);
  EXPECT_EQ(shell("sh list", folder.path()), 0) << file("shell.txt");
  EXPECT_FALSE(fs::exists(folder / "all's/sweep.csv")) << "the runs make no table";
  ASSERT_EQ(run({"sweep", "--collect", "all's"}).code, 0);
  expect_whole("all's");
}

struct Launcher {
  const char *rank, *size;
};
class LaunchedSweep : public Sweep, public testing::WithParamInterface<Launcher> {};

TEST_P(LaunchedSweep, SharesItsRunsOutToRanks) {
  std::vector<std::unique_ptr<Program>> ranks;
  for (const char* const rank : {"0", "1", "2"}) {
    ranks.push_back(std::make_unique<Program>(small_sweep("all")));
    ranks.back()
        ->in(folder.path())
        .with_environment(GetParam().rank, rank)
        .with_environment(GetParam().size, "3")
        .with_environment("MASTER_ADDR", "localhost")  // as torchrun does
        .start();
  }
  std::vector<std::string> outputs;
  for (const auto& rank : ranks) {
    const Ending ending = rank->wait();
    EXPECT_EQ(ending.code, 0) << ending.errors;
    outputs.push_back(ending.output);
  }
  EXPECT_THAT(outputs[0], HasSubstr("rank 0 of 3; 2 to be made; "));
  EXPECT_THAT(outputs[2], HasSubstr("[1/1] learning-rate 0.001, seed 1: "));
  EXPECT_THAT(outputs, Contains(HasSubstr(" was chosen: ")));
  expect_whole("all");
}

INSTANTIATE_TEST_SUITE_P(By, LaunchedSweep,
                         testing::Values(Launcher{"PMI_RANK", "PMI_SIZE"},
                                         Launcher{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                         Launcher{"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"},
                                         Launcher{"RANK", "WORLD_SIZE"}),
                         [](const auto& launched) { return std::string(launched.param.size); });

TEST_F(Sweep, TakesFlagsAndWordsAsLists) {
  const Ending ending =
      run({"sweep", "--data", "set", "--network", "small.json", "--restore-best=true,false", "--augment",
           "shift=1,rotate=5", "--augment", "shift=1", "--out", "all", "--print-parallel"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json plan = document("all/plan.json");
  std::vector<std::string> augmentations;
  for (const json& setting : plan["settings"]) augmentations.push_back(setting["values"]["augment"]);
  EXPECT_THAT(augmentations, ElementsAre("shift=1,rotate=5", "shift=1,rotate=5", "shift=1", "shift=1"));
  EXPECT_EQ(plan["settings"][0]["configuration"]["restore_best"], true);
  EXPECT_EQ(plan["settings"][1]["configuration"]["restore_best"], false);
}

}  // namespace
}  // namespace nib
