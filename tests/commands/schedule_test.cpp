// Runs whose learning rate changes: what they leave, and that they go on from anywhere as if they had never stopped.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/small_set.h"
#include "hdf5/hdf5_file.h"
#include "logs/event_reader.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class ScheduledRun : public testing::Test {
 protected:
  ScheduledRun() { make_file(folder / "net.json", dropout_network); }

  /// Three epochs of 34 steps.
  Ending train(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"train", "--data", "set",     "--network", "net.json",  "--device", "cpu",
                                          "--out", out,      "--batch", "4",         "--threads", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  json record(const std::string& out) const { return json::parse(contents(folder / (out + "/run.json"))); }
  std::vector<double> rates(const std::string& out) const { return record(out)["history"]["learning_rate"]; }

  const SmallSetFolder folder{};
};

TEST_F(ScheduledRun, GoesOnFromAnyCutInTheSameBits) {
  const std::vector<std::vector<std::string>> schedules = {
      {"--schedule", "step", "--decay-rate", "0.25", "--decay-epochs", "0.75"},
      {"--schedule", "exponential", "--decay-rate", "0.5"},
      {"--schedule", "cosine", "--final-fraction", "0.125"},
      {"--schedule", "warmup-cosine", "--warmup-epochs", "0.5"},
      {"--schedule", "one-cycle"},
      // No epoch is better by so much: the rate is reduced behind the second one and the third.
      {"--reduce-on-plateau", "1", "--plateau-factor", "0.5", "--plateau-min-delta", "100"}};
  std::vector<std::string> hashes;
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    SCOPED_TRACE(testing::PrintToString(schedules[i]));
    const std::string whole = "whole" + std::to_string(i);
    std::vector<std::string> how = {"--epochs", "3", "--no-pictures", "--save-every", "17", "--keep", "20"};
    how.insert(how.end(), schedules[i].begin(), schedules[i].end());
    const Ending ending = train(whole, how);
    ASSERT_EQ(ending.code, 0) << ending.errors;
    EXPECT_THAT(ending.output, HasSubstr(" - learning_rate: "));
    EXPECT_THAT(rates(whole), testing::SizeIs(3));
    hashes.push_back(record(whole)["weights_sha256"]);
    for (const int cut : {17, 34, 51, 68, 85}) {
      const std::string file = whole + "/checkpoint-" + std::to_string(cut) + ".safetensors",
                        out = "cut" + std::to_string(i) + "-" + std::to_string(cut);
      const Ending resumed = run({"train", "--resume", file, "--out", out, "--no-pictures"});
      ASSERT_EQ(resumed.code, 0) << resumed.errors;
      EXPECT_EQ(record(out)["weights_sha256"], hashes.back()) << cut;
      EXPECT_EQ(rates(out), rates(whole)) << cut;
      for (const char* const key : {"schedule", "decay_rate", "final_fraction", "reduce_on_plateau", "plateau_factor"})
        EXPECT_EQ(record(out)["configuration"].value(key, json()), record(whole)["configuration"].value(key, json()));
    }
  }
  std::ranges::sort(hashes);
  EXPECT_EQ(std::ranges::adjacent_find(hashes), hashes.end()) << "each schedule makes weights of its own";
}

TEST_F(ScheduledRun, TellsTheRateOfEachEpochEverywhere) {
  ASSERT_EQ(train("run", {"--epochs", "3", "--schedule", "step", "--log-json", "run.jsonl"}).code, 0);
  const std::vector<double> halves = {0.001, 0.0005, 0.00025};
  EXPECT_EQ(rates("run"), halves);
  EXPECT_EQ(json::parse(contents(folder / "run/history.json"))["learning_rate"], json(halves));
  EXPECT_THAT(contents(folder / "run/history.csv"),
              testing::StartsWith("epoch,accuracy,loss,val_accuracy,val_loss,learning_rate,seconds\n"));
  EXPECT_THAT(contents(folder / "run/curves.svg"), HasSubstr("Learning rate at the end of each epoch"));
  EXPECT_THAT(contents(folder / "run/report.html"), HasSubstr("Learning rate</th>"));
  EXPECT_THAT(contents(folder / "run.jsonl"), HasSubstr(R"("learning_rate":0.0005)"));
  const json all = record("run");
  EXPECT_EQ(all["configuration"]["schedule"], "step");
  EXPECT_EQ(all["configuration"]["decay_rate"], 0.5);
  EXPECT_THAT(all["command"], HasSubstr(" --schedule step --decay-rate 0.5 --decay-epochs 1"));
  EXPECT_FALSE(all["configuration"].contains("final_fraction"));
  const std::string report = contents(folder / "run/report.html");
  EXPECT_EQ(run({"report", "run"}).code, 0);
  EXPECT_TRUE(contents(folder / "run/report.html") == report) << "it is not the same when it is made again";
}

TEST_F(ScheduledRun, LeavesNothingOfRatesWhereTheyAreConstant) {
  ASSERT_EQ(train("run", {"--epochs", "2", "--no-pictures"}).code, 0);
  EXPECT_THAT(contents(folder / "run/run.json"), Not(HasSubstr("schedule")));
  EXPECT_THAT(contents(folder / "run/run.json"), Not(HasSubstr("plateau")));
  EXPECT_FALSE(record("run")["history"].contains("learning_rate"));
  EXPECT_THAT(contents(folder / "run/history.csv"), Not(HasSubstr("learning_rate")));
}

TEST_F(ScheduledRun, GoesOnWithOtherEpochsOnlyWhereItsScheduleIsGivenAgain) {
  ASSERT_EQ(train("run", {"--epochs", "2", "--no-pictures", "--schedule", "cosine", "--final-fraction", "0.5"}).code,
            0);
  const std::string before = contents(folder / "run/run.json");
  const auto resume = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume", "run", "--out", out, "--no-pictures", "--epochs", "4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  const Ending refused = resume("next", {});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.errors,
            "nib: error: --epochs: the schedule of the run to resume, cosine, depends on them (expected 2, got 4)\n"
            "hint: --schedule cosine beside it goes on with that of the new number of epochs\n");
  EXPECT_EQ(contents(folder / "run/run.json"), before);
  ASSERT_EQ(resume("cosine", {"--schedule", "cosine"}).code, 0);
  EXPECT_EQ(record("cosine")["configuration"]["final_fraction"], 0.5) << "of the same schedule it takes the rest";
  EXPECT_EQ(record("cosine")["repeatable"], false) << "no command makes these weights again";
  EXPECT_EQ(rates("cosine")[1], rates("run")[1]);
  EXPECT_GT(rates("cosine")[2], rates("cosine")[1]) << "it goes on as if it had been one of four epochs";
  ASSERT_EQ(resume("step", {"--schedule", "step"}).code, 0);
  EXPECT_EQ(rates("step")[3], 0.000125);
  ASSERT_EQ(resume("constant", {"--schedule", "constant"}).code, 0);
  EXPECT_EQ(rates("constant")[3], 0.001);
  ASSERT_EQ(run({"train", "--resume", "step", "--no-pictures", "--epochs", "5"}).code, 0)
      << "it does not depend on them";
  EXPECT_EQ(record("step")["repeatable"], false);
}

TEST_F(ScheduledRun, OfAFinishedOneTheWayFurtherIsTold) {
  ASSERT_EQ(train("run", {"--epochs", "1", "--no-pictures", "--schedule", "cosine"}).code, 0);
  EXPECT_THAT(run({"train", "--resume", "run"}).errors,
              HasSubstr("hint: --epochs 6 --schedule cosine trains it further\n"));
  ASSERT_EQ(train("constant", {"--epochs", "1", "--no-pictures"}).code, 0);
  ASSERT_EQ(run({"train", "--resume", "constant", "--epochs", "2", "--schedule", "step"}).code, 0);
  EXPECT_EQ(rates("constant"), (std::vector<double>{0.001, 0.0005}));
}

TEST_F(ScheduledRun, AKerasFileHasTheRateThatComesNext) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  const auto next_rate = [&](const std::string& file) {
    const Ending converted = run({"convert", file, file + ".keras", "--data", "set"});
    EXPECT_EQ(converted.code, 0) << converted.errors;
    const Ending gone_on = run({"train", "--data", "set", "--resume", file + ".keras", "--epochs", "1", "--no-pictures",
                                "--out", "next", "--force"});
    EXPECT_EQ(gone_on.code, 0) << gone_on.errors;
    return record("next")["configuration"]["learning_rate"].get<double>();
  };
  ASSERT_EQ(
      train("run", {"--epochs", "3", "--no-pictures", "--schedule", "step", "--save-every", "34", "--keep", "3"}).code,
      0);
  EXPECT_EQ(next_rate("run/checkpoint-34.safetensors"), 0.0005);
  EXPECT_EQ(next_rate("run/checkpoint-102.safetensors"), 0.00025) << "that of the run's last step";
}

TEST_F(ScheduledRun, TensorBoardHasTheRateOfEachEpoch) {
  ASSERT_EQ(train("run", {"--epochs", "2", "--no-pictures", "--schedule", "step", "--tensorboard", "board"}).code, 0);
  std::vector<std::string> rates;
  const EventFileContents log = read_events_in(folder / "board/train");
  for (const LoggedEvent& event : log.events)
    if (event.tag == "epoch_learning_rate")
      rates.push_back(std::to_string(event.step) + ' ' + std::to_string(event.scalar.value_or(0)));
  EXPECT_THAT(rates, testing::ElementsAre("0 0.001000", "1 0.000500"));
}

TEST_F(ScheduledRun, RefusesOtherParametersWhenItGoesOn) {
  ASSERT_EQ(train("step", {"--epochs", "1", "--no-pictures", "--schedule", "step"}).code, 0);
  ASSERT_EQ(train("plateau", {"--epochs", "1", "--no-pictures", "--reduce-on-plateau", "3"}).code, 0);
  const auto errors = [&](const std::string& of, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train", "--resume", of, "--no-pictures", "--epochs", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, 2);
    return ending.errors;
  };
  EXPECT_THAT(errors("step", {"--decay-rate", "0.25"}),
              HasSubstr("--decay-rate: the run to resume has another one (expected 0.5, got 0.25)\n"
                        "hint: --schedule step beside it goes on with another schedule\n"));
  EXPECT_THAT(errors("step", {"--reduce-on-plateau", "2"}),
              HasSubstr("--reduce-on-plateau: the run to resume has another one (expected none, got a patience of 2)"));
  EXPECT_THAT(errors("plateau", {"--reduce-on-plateau", "2"}), HasSubstr("(expected a patience of 3, got a patience"));
  EXPECT_THAT(errors("plateau", {"--plateau-factor", "0.2"}),
              HasSubstr("--plateau-factor: the run to resume has another one (expected 0.1, got 0.2)"));
}

TEST_F(ScheduledRun, WithAPlateauGoesOnWithAnotherScheduleWhereThatIsGiven) {
  ASSERT_EQ(train("run", {"--epochs", "1", "--no-pictures", "--reduce-on-plateau", "3"}).code, 0);
  const auto resume = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"train",   "--resume",      "run",      "--out", "next",
                                          "--force", "--no-pictures", "--epochs", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, 0) << ending.errors;
    return record("next");
  };
  const json step = resume({"--schedule", "step"});
  EXPECT_EQ(step["configuration"]["schedule"], "step");
  EXPECT_FALSE(step["configuration"].contains("reduce_on_plateau"));
  EXPECT_EQ(step["history"]["learning_rate"][1], 0.0005);
  EXPECT_EQ(step["repeatable"], false);
  const json same = resume({"--schedule", "constant"});
  EXPECT_EQ(same["configuration"]["reduce_on_plateau"], 3) << "of the same schedule it takes the rest";
  EXPECT_NE(same["repeatable"], false);
  const json other = resume({"--schedule", "constant", "--reduce-on-plateau", "1", "--plateau-factor", "0.5"});
  EXPECT_EQ(other["configuration"]["reduce_on_plateau"], 1);
  EXPECT_EQ(other["configuration"]["plateau_factor"], 0.5);
  EXPECT_EQ(other["repeatable"], false);
  ASSERT_EQ(train("constant", {"--epochs", "1", "--no-pictures"}).code, 0);
  ASSERT_EQ(
      run({"train", "--resume", "constant", "--epochs", "2", "--schedule", "constant", "--reduce-on-plateau", "2"})
          .code,
      0);
  EXPECT_EQ(record("constant")["configuration"]["reduce_on_plateau"], 2);
}

}  // namespace
}  // namespace nib
