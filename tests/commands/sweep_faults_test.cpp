// What lies in a sweep's way: whose fault it is, what is told of it, and what goes on all the same.

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "commands/small_sweep.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

const char* const first_run = "learning-rate=0.001_seed=0";

class SweepFaults : public Sweep {
 protected:
  /// A sweep of which the first run is to be found fault with; the others are made.
  std::string make_others_after(const std::function<void(const fs::path& run)>& fault) const {
    EXPECT_EQ(run(small_sweep("all", {"--print-parallel"})).code, 0);
    fault(folder / "all" / first_run);
    const Ending ending = run({"sweep", "--resume", "all"});
    EXPECT_EQ(ending.code, 3);
    EXPECT_THAT(ending.errors, HasSubstr("all: 1 of 4 runs failed, the first of them learning-rate 0.001, seed 0: "));
    EXPECT_EQ(document("all/sweep.json")["settings"][1]["finished"], 2);
    return ending.errors;
  }

  /// Once the folder is removed, as the hint says, all is as if nothing had been.
  void expect_mended() const {
    fs::remove_all(folder / "all" / first_run);
    ASSERT_EQ(run({"sweep", "--resume", "all"}).code, 0);
    expect_whole("all");
  }
};

TEST_F(SweepFaults, AFileInPlaceOfARunsFolderEndsNoOther) {
  const std::string errors = make_others_after([](const fs::path& run) { make_file(run, "mine"); });
  EXPECT_THAT(errors, HasSubstr("seed=0: is no folder, but has the name of the run's\n"
                                "hint: remove the run's folder, then nib sweep --resume "));
  EXPECT_EQ(file(fs::path("all") / first_run), "mine");
  expect_mended();
}

TEST_F(SweepFaults, ALogThatCannotBeWrittenEndsNoOther) {
  const std::string errors = make_others_after([](const fs::path& run) { fs::create_directories(run / "train.log"); });
  EXPECT_THAT(errors, HasSubstr("train.log: cannot write the log: is a directory"));
  EXPECT_THAT(errors, EndsWith(" tries again, from the start where its folder is removed\n"));
  expect_mended();
}

TEST_F(SweepFaults, ResultsWithoutARecordAreNotReplaced) {
  const fs::path made = undisturbed() / "undisturbed" / first_run;
  const std::string errors = make_others_after([&](const fs::path& run) {
    fs::copy(made, run);
    fs::remove(run / "run.json");
  });
  EXPECT_EQ(file(fs::path("all") / first_run / "model.safetensors"), contents(made / "model.safetensors"));
  EXPECT_FALSE(fs::exists(folder / "all" / first_run / "run.json"));
  EXPECT_THAT(errors, HasSubstr("run.json: not there, beside checkpoint.safetensors\nhint: remove the run's folder"));
  expect_mended();
}

TEST_F(SweepFaults, AFinishedRunIsWhole) {
  for (const char* const lost : {"history.csv", "history.json", "test_predictions.csv", "model.safetensors"}) {
    fs::remove_all(folder / "all");
    fs::copy(undisturbed() / "undisturbed", folder / "all", fs::copy_options::recursive);
    fs::remove(folder / "all" / first_run / lost);
    EXPECT_THAT(run({"sweep", "--resume", "all"}).errors, HasSubstr(std::string(first_run) + "/" + lost)) << lost;
  }
  expect_mended();
}

TEST_F(SweepFaults, AnUnfinishedRunOfOtherSettingsDoesNotGoOn) {
  Program program(small_sweep("other", {"--epochs", "20000"}));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("at a time"));
  const fs::path run_of_other = folder / "other" / first_run;
  ASSERT_TRUE(comes_true([&] { return fs::exists(run_of_other / "checkpoint.safetensors"); }));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_THAT(make_others_after([&](const fs::path& run) { fs::copy(run_of_other, run); }),
              HasSubstr("configuration.epochs: made with another setting than the sweep's plan has (expected 2, got "));
  expect_mended();
}

/// The one that makes a run.
int process_at(const fs::path& run) {
  const std::string folder = fs::canonical(run).string();
  for (const auto& process : fs::directory_iterator("/proc")) {
    std::ifstream file(process.path() / "cmdline");
    const std::string words{std::istreambuf_iterator<char>(file), {}};
    if (words.find("--out=" + folder) != std::string::npos) return std::stoi(process.path().filename());
  }
  return 0;
}

TEST_F(SweepFaults, AKilledRunIsToldAlsoLater) {
  Program program(small_sweep("all", {"--epochs", "20000"}));
  program.in(folder.path()).start();
  ASSERT_TRUE(program.wait_for_output("at a time"));
  ASSERT_TRUE(comes_true([&] { return fs::exists(folder / "all" / first_run / "checkpoint.safetensors"); }));
  const int process = process_at(folder / "all" / first_run);
  ASSERT_GT(process, 0);
  kill(process, SIGKILL);
  ASSERT_TRUE(program.wait_for_output("[1/4] learning-rate 0.001, seed 0: failed: ended by signal 9\n"));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().code, 130);
  EXPECT_THAT(run({"sweep", "--collect", "all"}).errors,
              HasSubstr("1 of 4 runs failed, the first of them learning-rate 0.001, seed 0: ended by signal 9\n"));
}

TEST_F(SweepFaults, TheSameByAnotherNameIsTheSameSetting) {
  const fs::path weights = undisturbed() / "undisturbed" / first_run / "model.safetensors";
  fs::copy_file(weights, folder / "a");
  fs::copy_file(weights, folder / "b");
  fs::copy(folder / "set", folder / "copy");
  fs::copy_file(folder / "small.json", folder / "same.json");
  const std::map<std::string, std::vector<std::string>> lists = {
      {"weights", {"a", "./a", "b"}},
      {"data", {"set", "./set", "copy"}},
      {"network", {"small.json", "./small.json", "same.json"}}};
  for (const auto& [option, values] : lists)
    for (const std::string& other : {values[1], values[2]}) {
      std::vector<std::string> words{"sweep", "--out", "all", "--" + option, values[0] + ',' + other};
      if (option != "data") words.insert(words.end(), {"--data", "set"});
      if (option == "data") words.insert(words.end(), {"--network", "small.json"});
      EXPECT_EQ(run(words).errors, "nib: error: " + option + ' ' + values[0] + " and " + option + ' ' + other +
                                       " are the same setting\nhint: leave one of them out\n");
    }
  EXPECT_FALSE(fs::exists(folder / "all"));
}

TEST_F(SweepFaults, ANameWithACommaThatIsThereIsOneValue) {
  fs::copy(folder / "set", folder / "a,b");
  write_set(folder / "c", 28, 28, 140, 100);
  const std::vector<std::string> words{"sweep",      "--data",   "a,b", "--data", "set,c", "--network",
                                       "small.json", "--epochs", "1",   "--out",  "all",   "--print-parallel"};
  EXPECT_THAT(run(words).errors, HasSubstr("data a,b and data set are the same setting"));
  write_set(folder / "a,b", 28, 28, 130, 100);
  ASSERT_EQ(run(words).code, 0);
  std::vector<std::string> names;
  const json plan = document("all/plan.json");
  for (const json& setting : plan["settings"]) names.push_back(setting["values"]["data"]);
  EXPECT_THAT(names, ElementsAre("a,b", "set", "c"));
}

TEST_F(SweepFaults, EachSettingIsSettledByItsOwnImages) {
  const Ending ending = run({"sweep", "--data", "set", "--network", "small.json", "--limit", "100,150", "--batch",
                             "64,1000", "--validation-split", "0,0.1", "--out", "all", "--print-parallel"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  std::map<std::vector<std::string>, std::pair<int, std::string>> settled;
  const json plan = document("all/plan.json");
  for (const json& setting : plan["settings"]) {
    const json &values = setting["values"], &configuration = setting["configuration"];
    settled[{values["limit"], values["validation-split"], values["batch"]}] = {configuration["batch"],
                                                                               configuration["monitor"]};
  }
  EXPECT_THAT(settled, ElementsAre(Pair(ElementsAre("100", "0", "1000"), Pair(100, "loss")),
                                   Pair(ElementsAre("100", "0", "64"), Pair(64, "loss")),
                                   Pair(ElementsAre("100", "0.1", "1000"), Pair(90, "val_loss")),
                                   Pair(ElementsAre("100", "0.1", "64"), Pair(64, "val_loss")),
                                   Pair(ElementsAre("150", "0", "1000"), Pair(150, "loss")),
                                   Pair(ElementsAre("150", "0", "64"), Pair(64, "loss")),
                                   Pair(ElementsAre("150", "0.1", "1000"), Pair(135, "val_loss")),
                                   Pair(ElementsAre("150", "0.1", "64"), Pair(64, "val_loss"))));
}

TEST_F(SweepFaults, APlanMayGetOtherSeeds) {
  ASSERT_EQ(run(small_sweep("all", {"--print-parallel"})).code, 0);
  json plan = document("all/plan.json");
  plan["seeds"] = {1, 0};
  make_file(folder / "all/plan.json", plan.dump());
  const Ending ending = run({"sweep", "--resume", "all"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(document(fs::path("all") / first_run / "run.json")["weights_sha256"],
            json::parse(contents(undisturbed() / "undisturbed" / first_run / "run.json"))["weights_sha256"]);
}

TEST_F(SweepFaults, AWorkingDirectoryThatIsGoneIsTold) {
  const std::string line = "mkdir gone && cd gone && rmdir ../gone && '" + std::string(NIB_PROGRAM) +
                           "' sweep --data '" + (folder / "set").string() + "' --out '" + (folder / "all").string() +
                           "' 2>../told";
  EXPECT_NE(std::system(("cd '" + folder.path().string() + "' && " + line).c_str()), 0);
  EXPECT_THAT(file("told"), StartsWith("nib: error: working directory: no such file or directory\nhint: "));
}

TEST_F(SweepFaults, TheRankThatEndsLastMakesTheTables) {
  ASSERT_EQ(run(small_sweep("all")).code, 0);
  fs::remove_all(folder / "all" / first_run);
  fs::remove(folder / "all/sweep.csv");
  const auto ranked = [&](const char* rank) {
    Program program({"sweep", "--resume", "all"});
    program.in(folder.path()).with_environment("PMI_RANK", rank).with_environment("PMI_SIZE", "2").start();
    return program.wait();
  };
  const Ending other = ranked("1");
  EXPECT_EQ(other.code, 0) << other.errors;
  EXPECT_THAT(other.output, HasSubstr("rank 1 of 2; 0 to be made\nothers are not finished yet: "));
  EXPECT_FALSE(fs::exists(folder / "all/sweep.csv"));
  const Ending last = ranked("0");
  EXPECT_EQ(last.code, 0) << last.errors;
  EXPECT_THAT(last.output, HasSubstr(" was chosen: "));
  expect_whole("all");
}

}  // namespace
}  // namespace nib
