#include "runs/sweep_plan.h"

#include <gmock/gmock.h>

#include <set>

#include "base/error.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

SweepPlan small_plan() {
  SweepPlan plan{.folder = "/home/me", .common = {{"epochs", "5"}}};
  for (SettingValues& values : combinations({{"learning-rate", {"0.1", "0.2"}}, {"optimizer", {"sgd", "adam"}}}))
    plan.settings.push_back({.values = values, .configuration = {{"epochs", 5}}, .data = {"ab", "cd"}});
  plan.seeds = {0, 3};
  return plan;
}

TEST(SweepPlan, HasEveryValueWithEveryOther) {
  const std::vector<SettingValues> all = combinations({{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}});
  ASSERT_THAT(all, SizeIs(6));
  EXPECT_EQ(all[0], (SettingValues{{"a", "1"}, {"b", "x"}}));
  EXPECT_EQ(all[2], (SettingValues{{"a", "1"}, {"b", "z"}}));
  EXPECT_EQ(all[3], (SettingValues{{"a", "2"}, {"b", "x"}}));
  EXPECT_EQ(std::set<SettingValues>(all.begin(), all.end()).size(), 6U);
  EXPECT_THAT(combinations({}), ElementsAre(SettingValues{})) << "without lists there is one setting";
}

TEST(SweepPlan, CountsCombinationsWithoutMakingThem) {
  const ListedSetting hundred{"a", std::vector<std::string>(100, "1")};
  EXPECT_EQ(number_of_combinations({}), 1U);
  EXPECT_EQ(number_of_combinations({hundred, hundred}), 10'000U);
  EXPECT_EQ(number_of_combinations(std::vector<ListedSetting>(40, hundred)), most_sweep_runs + 1);
}

TEST(SweepPlan, RunsTheSettingsOfOneSeedAfterTheOther) {
  const SweepPlan plan = small_plan();
  ASSERT_EQ(plan.runs(), 8U);
  EXPECT_EQ(plan.run_folder(0), "learning-rate=0.1_optimizer=sgd_seed=0");
  EXPECT_EQ(plan.run_folder(1), "learning-rate=0.1_optimizer=adam_seed=0");
  EXPECT_EQ(plan.run_folder(4), "learning-rate=0.1_optimizer=sgd_seed=3");
  EXPECT_EQ(plan.run_folder(7), "learning-rate=0.2_optimizer=adam_seed=3");
  EXPECT_EQ(plan.run_in_words(7), "learning-rate 0.2, optimizer adam, seed 3");
  EXPECT_THAT(plan.words(5), ElementsAre("--epochs=5", "--learning-rate=0.1", "--optimizer=adam", "--seed=3"));
}

TEST(SweepPlan, GivesFoldersNamesThatAnySystemTakes) {
  SweepPlan plan{.settings = {{.values = {{"data", "../a b/c"}}},
                              {.values = {{"data", "../a b-c"}}},
                              {.values = {{"data", std::string(300, 'x')}}}},
                 .seeds = {0}};
  std::set<std::string> names;
  for (std::size_t run = 0; run < 3; ++run) {
    const std::string name = plan.run_folder(run);
    EXPECT_EQ(name.find_first_of("/ \\:*?\"<>|'$"), std::string::npos) << name;
    EXPECT_LE(name.size(), 140U);
    names.insert(name);
  }
  EXPECT_THAT(names, SizeIs(3)) << "what is replaced or cut is told apart by a hash";
  EXPECT_THAT(plan.run_folder(0), StartsWith("data=..-a-b-c_seed=0-"));
}

TEST(SweepPlan, IsReadAsItWasWritten) {
  const SweepPlan plan = small_plan();
  const SweepPlan read = parse_plan(json_text(to_json(plan)), "plan.json");
  EXPECT_EQ(to_json(read), to_json(plan));
  EXPECT_EQ(read.run_folder(6), plan.run_folder(6));
}

TEST(SweepPlan, TellsTheOptionsThatGiveIt) {
  SweepPlan plan = small_plan();
  EXPECT_EQ(sweep_options(plan), "--epochs=5 --learning-rate=0.1,0.2 --optimizer=sgd,adam --seeds 0,3");
  plan.settings.clear();
  for (SettingValues& values : combinations({{"augment", {"shift=2", "shift=2,rotate=10"}}}))
    plan.settings.push_back({.values = values});
  plan.seeds = {0, 1, 2, 3, 7, 9, 10};
  EXPECT_EQ(sweep_options(plan), "--epochs=5 --augment=shift=2 --augment=shift=2,rotate=10 --seeds 0-3,7,9-10");
}

TEST(SweepPlan, RefusesWhatIsNoPlan) {
  const std::string text = json_text(to_json(small_plan()));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    const std::size_t place = other.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return other.replace(place, from.size(), to);
  };
  const auto refusal = [](const std::string& plan) -> std::string {
    try {
      parse_plan(plan, "plan.json");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(refusal("{"), StartsWith("plan.json: "));
  EXPECT_THAT(refusal(changed("\"sweep_plan\": 1", "\"sweep_plan\": 2")),
              StartsWith("plan.json: sweep_plan: another version (expected 1, got 2)"));
  EXPECT_THAT(refusal(changed("\"seeds\": [0, 3]", "\"seeds\": []")), StartsWith("plan.json: seeds: holds no seed"));
  EXPECT_THAT(refusal(changed("\"seeds\": [0, 3]", "\"seeds\": [0, 0]")), HasSubstr("a run stands there twice"));
  EXPECT_THAT(refusal(changed("\"seeds\": [0, 3]", "\"seeds\": [0, -3]")), StartsWith("plan.json: seeds[1]"));
  EXPECT_THAT(refusal(changed("\"optimizer\": \"adam\"", "\"optimiser\": \"adam\"")),
              StartsWith("plan.json: settings[1].values: not the options of the first setting"));
  EXPECT_THAT(refusal(changed("\"optimizer\": \"adam\"", "\"optimizer\": \"\"")), HasSubstr("empty"));
  EXPECT_THAT(refusal(changed("\"optimizer\": \"adam\"", "\"optimizer\": \"sgd\"")),
              HasSubstr("a run stands there twice"));
}

}  // namespace
}  // namespace nib
