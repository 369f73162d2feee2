#include "report/sweep_page.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "report/markup.h"

namespace nib {
namespace {

using test::read_tags;
using test::Tag;
using testing::HasSubstr;
using testing::Not;

SweepPlan plan_of(const std::string& option, std::vector<std::string> values) {
  SweepPlan plan;
  for (SettingValues& each : combinations({{option, std::move(values)}})) plan.settings.push_back({.values = each});
  plan.seeds = {0, 1};
  return plan;
}

SweepRun run_of(std::size_t number, double accuracy) {
  return {.number = number,
          .folder = "run-" + std::to_string(number),
          .state = SweepRunState::finished,
          .val_accuracy = accuracy,
          .val_loss = 0.1,
          .test_accuracy = accuracy - 0.4,
          .test_loss = 0.2,
          .weights_sha256 = "0123456789"};
}

std::size_t count_tags(const std::string& page, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::count(read_tags(page), name, &Tag::name));
}

const std::vector<SweepRun> four = {run_of(0, 0.90), run_of(1, 0.95), run_of(2, 0.91), run_of(3, 0.97)};

TEST(SweepPage, ShowsTheSettingsAndTheTestOfTheChosenOne) {
  const SweepPlan plan = plan_of("batch", {"32", "64"});
  const SweepTable table = sweep_table(plan, four);
  const std::string page = sweep_page({.plan = plan, .table = table, .folder = "here"});
  EXPECT_THAT(page, HasSubstr("<h1>2 settings with 2 seeds each</h1>"));
  EXPECT_THAT(page, HasSubstr("batch 64 was chosen: its mean validation accuracy, 0.9600, is the highest."));
  EXPECT_THAT(page, HasSubstr(">96.00<"));
  EXPECT_THAT(page, HasSubstr(">56.00<")) << "the test of the chosen setting";
  EXPECT_THAT(page, Not(HasSubstr(">50.50<"))) << "and no other";
  EXPECT_THAT(sweep_page({.plan = plan, .table = table, .folder = "here", .all_tests = true}), HasSubstr(">50.50<"));
  EXPECT_THAT(page, HasSubstr("nib sweep --batch=32,64 --seeds 0-1 --out here"));
  EXPECT_EQ(count_tags(page, "script"), 1U);
  EXPECT_EQ(count_tags(page, "svg"), 0U);
}

TEST(SweepPage, TellsWhatFailed) {
  const SweepPlan plan = plan_of("batch", {"32", "64"});
  std::vector<SweepRun> runs = four;
  runs[3] = {.number = 3, .folder = "run-3", .state = SweepRunState::diverged, .reason = "step 7 is not finite"};
  const std::string page = sweep_page({.plan = plan, .table = sweep_table(plan, runs), .folder = "here"});
  EXPECT_THAT(page, HasSubstr("step 7 is not finite"));
  EXPECT_THAT(page, HasSubstr(", 1 of them failed."));
  EXPECT_THAT(page,
              HasSubstr("batch 32 was chosen: its mean validation accuracy, 0.9050, is the highest of the settings "
                        "all of whose runs finished."));
}

TEST(SweepPage, EscapesEveryText) {
  const std::string attack = "\"'><script>alert(1)</script>&\n\x01";
  for (const std::size_t options : {1, 4}) {
    std::vector<ListedSetting> lists;
    for (std::size_t i = 0; i < options; ++i) lists.push_back({attack + std::to_string(i), {attack}});
    lists.back().values.emplace_back("other");
    SweepPlan plan{.folder = attack, .common = {{attack, attack}}};
    for (SettingValues& each : combinations(lists)) plan.settings.push_back({.values = each});
    plan.seeds = {0, 1};
    std::vector<SweepRun> runs = four;
    runs[1] = {.number = 1, .folder = attack, .state = SweepRunState::failed, .reason = attack};
    for (SweepRun& run : runs) run.folder = run.weights_sha256 = attack;
    const std::string page = sweep_page({.plan = plan,
                                         .table = sweep_table(plan, runs),
                                         .folder = attack,
                                         .picture = {attack, attack, attack, "<svg></svg>"}});
    EXPECT_EQ(count_tags(page, "script"), 1U);
    EXPECT_THAT(page, HasSubstr("&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\\x0a\\x01"));
    EXPECT_THAT(page, HasSubstr("Content-Security-Policy"));
  }
}

}  // namespace
}  // namespace nib
