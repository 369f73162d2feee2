#include "runs/sweep_table.h"

#include <gmock/gmock.h>

#include <cmath>

#include "runs/sweep_documents.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Two rates with three seeds each.
SweepPlan plan_of(std::vector<std::string> rates) {
  SweepPlan plan;
  for (SettingValues& values : combinations({{"learning-rate", std::move(rates)}}))
    plan.settings.push_back({.values = values, .configuration = Json::object()});
  plan.seeds = {0, 1, 2};
  return plan;
}

struct Figures {
  double val_accuracy, val_loss, test_accuracy;
};

SweepRun run_of(const SweepPlan& plan, std::size_t number, Figures figures) {
  return {.number = number,
          .folder = plan.run_folder(number),
          .state = SweepRunState::finished,
          .val_accuracy = figures.val_accuracy,
          .val_loss = figures.val_loss,
          .test_accuracy = figures.test_accuracy,
          .test_loss = 1 - figures.test_accuracy,
          .weights_epoch = 5,
          .training_seconds = 2.5,
          .weights_sha256 = "ab"};
}

std::vector<SweepRun> runs_of(const SweepPlan& plan, const std::vector<Figures>& figures) {
  std::vector<SweepRun> runs;
  for (std::size_t number = 0; number < figures.size(); ++number) runs.push_back(run_of(plan, number, figures[number]));
  return runs;
}

/// The first setting's validation accuracies are 0.90, 0.92, 0.94, the second's 0.91, 0.95, 0.96.
const std::vector<Figures> six = {{0.90, 0.3, 0.99}, {0.91, 0.2, 0.80}, {0.92, 0.3, 0.98},
                                  {0.95, 0.2, 0.81}, {0.94, 0.3, 0.97}, {0.96, 0.2, 0.82}};

TEST(SweepTable, HasWhatAHandReckons) {
  const SweepPlan plan = plan_of({"0.1", "0.2"});
  const SweepTable table = sweep_table(plan, runs_of(plan, six));
  const SettingFigures& first = table.settings[0];
  EXPECT_EQ(first.finished, 3U);
  EXPECT_TRUE(first.is_complete());
  ASSERT_TRUE(first.val_accuracy && first.val_accuracy->interval);
  EXPECT_NEAR(first.val_accuracy->mean, 0.92, 1e-12);
  EXPECT_NEAR(*first.val_accuracy->deviation, 0.02, 1e-12);
  // t of 2 degrees of freedom is 4.302653: 4.302653 * 0.02 / sqrt(3).
  EXPECT_NEAR(first.val_accuracy->interval->low, 0.92 - 0.0496828, 1e-6);
  EXPECT_NEAR(first.val_accuracy->interval->high, 0.92 + 0.0496828, 1e-6);
  EXPECT_DOUBLE_EQ(first.val_accuracy->lowest, 0.90);
  EXPECT_DOUBLE_EQ(first.val_accuracy->highest, 0.94);
  EXPECT_NEAR(table.settings[1].val_accuracy->mean, 0.94, 1e-12);
  EXPECT_NEAR(table.settings[1].test_accuracy->mean, 0.81, 1e-12);
  EXPECT_DOUBLE_EQ(table.settings[1].val_accuracy->interval->high, 1) << "0.94 + 0.0657, which no accuracy can be";
}

TEST(SweepTable, ChoosesByValidationAlone) {
  const SweepPlan plan = plan_of({"0.1", "0.2"});
  const SweepTable table = sweep_table(plan, runs_of(plan, six));
  EXPECT_EQ(table.chosen, 1U) << "though the other setting's test accuracies are higher";
  EXPECT_EQ(table.next, 0U);
  EXPECT_THAT(table.order, ElementsAre(1, 0));
  ASSERT_TRUE(table.difference);
  EXPECT_NEAR(table.difference->difference, 0.02, 1e-12);
  EXPECT_TRUE(table.shows_test(1, false));
  EXPECT_FALSE(table.shows_test(0, false));
  EXPECT_TRUE(table.shows_test(0, true));
}

TEST(SweepTable, BreaksATieByTheLoss) {
  const SweepPlan plan = plan_of({"0.1", "0.2"});
  std::vector<Figures> figures = six;
  for (std::size_t i = 0; i < 6; i += 2) figures[i].val_accuracy = figures[i + 1].val_accuracy;
  EXPECT_EQ(sweep_table(plan, runs_of(plan, figures)).chosen, 1U);
  for (std::size_t i = 0; i < 6; i += 2) figures[i].val_loss = 0.1;
  EXPECT_EQ(sweep_table(plan, runs_of(plan, figures)).chosen, 0U);
}

TEST(SweepTable, ChoosesNoSettingOfWhichARunIsMissing) {
  const SweepPlan plan = plan_of({"0.1", "0.2"});
  for (const SweepRunState state : {SweepRunState::missing, SweepRunState::running, SweepRunState::unfinished,
                                    SweepRunState::failed, SweepRunState::diverged, SweepRunState::refused}) {
    std::vector<SweepRun> runs = runs_of(plan, six);
    runs[3] = {.number = 3, .folder = "x", .state = state};
    const SweepTable table = sweep_table(plan, runs);
    EXPECT_EQ(table.chosen, 0U) << word(state);
    EXPECT_FALSE(table.next) << word(state);
    EXPECT_EQ(table.settings[1].finished, 2U);
    EXPECT_EQ(table.settings[1].failed + table.settings[1].open, 1U);
    EXPECT_NEAR(table.settings[1].val_accuracy->mean, 0.935, 1e-12) << "of those that there are";
    runs[2] = {.number = 2, .folder = "y", .state = state};
    EXPECT_FALSE(sweep_table(plan, runs).chosen);
  }
}

TEST(SweepTable, ChoosesNothingWithoutValidation) {
  const SweepPlan plan = plan_of({"0.1", "0.2"});
  std::vector<SweepRun> runs = runs_of(plan, six);
  for (SweepRun& run : runs) run.val_accuracy = run.val_loss = std::nullopt;
  EXPECT_FALSE(sweep_table(plan, runs).chosen);
  const SweepPlan alone = plan_of({"0.1"});
  runs.resize(3);
  for (std::size_t i = 0; i < 3; ++i) runs[i].number = i;
  EXPECT_EQ(sweep_table(alone, runs).chosen, 0U) << "where there is one setting there is nothing to choose";
}

TEST(SweepTable, KeepsTestFiguresOfOthersOutOfItsDocuments) {
  const SweepPlan plan = plan_of({"0.1", "0.2"});
  const SweepTable table = sweep_table(plan, runs_of(plan, six));
  const std::string csv = sweep_csv(plan, table, false), runs = sweep_runs_csv(plan, table, false);
  EXPECT_THAT(csv, StartsWith("learning-rate,finished,failed,open,val_accuracy_mean,"));
  EXPECT_THAT(csv, HasSubstr("\n0.1,3,0,0,0.92,0.02,0.870317"));
  EXPECT_THAT(csv, HasSubstr(",,,,,,,,,,,,false\n"));
  EXPECT_THAT(csv, HasSubstr(",true\n"));
  EXPECT_THAT(runs, HasSubstr("\n0.1,0,learning-rate=0.1_seed=0,finished,0.9,0.3,,,5,ab,2.5\n"));
  EXPECT_THAT(runs, HasSubstr("\n0.2,0,learning-rate=0.2_seed=0,finished,0.91,0.2,0.8,0.2,5,ab,2.5\n"));
  EXPECT_THAT(sweep_runs_csv(plan, table, true), HasSubstr("\n0.1,0,learning-rate=0.1_seed=0,finished,0.9,0.3,0.99,"));
  const Json document = sweep_json(plan, table, false);
  EXPECT_TRUE(document["settings"].items()[0]["test_accuracy"].is_null());
  EXPECT_NEAR(document["settings"].items()[1]["test_accuracy"]["mean"].number(), 0.81, 1e-12);
  EXPECT_EQ(document["choice"]["setting"], Json(1));
  for (const Json& run : document["runs"].items())
    EXPECT_EQ(run["test_accuracy"].is_null(), run["setting"] == Json(0)) << json_line(run);
}

TEST(SweepTable, QuotesCellsWithCommas) {
  SweepPlan plan;
  for (SettingValues& values : combinations({{"augment", {"shift=1", "shift=1,rotate=\"2\""}}}))
    plan.settings.push_back({.values = values});
  plan.seeds = {0};
  const SweepTable table = sweep_table(plan, {{.number = 0}, {.number = 1}});
  EXPECT_THAT(sweep_csv(plan, table, false), HasSubstr("\n\"shift=1,rotate=\"\"2\"\"\",0,0,1,"));
}

}  // namespace
}  // namespace nib
