// Rates of a run of 4 epochs of 10 steps, held against numbers that Keras's formulas (ExponentialDecay, CosineDecay)
// and PyTorch's (OneCycleLR), written down in Python, gave in float64.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "nib/training.h"

namespace nib {
namespace {

constexpr RunLength four_epochs{.steps_an_epoch = 10, .epochs = 4};
constexpr double rate = 0.002;

struct Case {
  Schedule schedule;
  std::vector<double> rates;  ///< of the steps that so many steps went before: 0, 1, 4, 5, 14, 15, 29, 30, 39
};

TEST(Schedule, FollowsTheFormulas) {
  const Case cases[] = {
      {{}, {0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002}},
      {{.kind = ScheduleKind::step, .decay_rate = 0.3, .decay_epochs = 1.5},
       {0.002, 0.002, 0.002, 0.002, 0.002, 0.0006, 0.0006, 0.00017999999999999998, 0.00017999999999999998}},
      {{.kind = ScheduleKind::exponential, .decay_rate = 0.3, .decay_epochs = 1.5},
       {0.002, 0.001845743776106569, 0.0014507603032405253, 0.001338865900164339, 0.0006501444109058801, 0.0006,
        0.00019504332327176404, 0.00017999999999999998, 8.740680746943667e-05}},
      {{.kind = ScheduleKind::cosine, .final_fraction = 0.1},
       {0.002, 0.0019972256003598153, 0.0019559508646656383, 0.001931491579260158, 0.001508591449765592,
        0.0014444150891285807, 0.0005154967565028348, 0.0004636038969321073, 0.00020277439964018484}},
      {{.kind = ScheduleKind::warmup_cosine, .warmup_epochs = 0.5, .final_fraction = 0.1},
       {0, 0.0004, 0.0016, 0.002, 0.0017219563840881783, 0.0016611408216728604, 0.0006041927166931078,
        0.0005388591783271399, 0.00020362313540428484}},
      {{.kind = ScheduleKind::one_cycle},
       {7.999999999999999e-05, 0.0001188867453300825, 0.0006412015875181889, 0.000903377755257646,
        0.0019438835547750462, 0.0019009692640269472, 0.0005661219964173984, 0.0004679740516129696, 8e-09}},
  };
  const std::uint64_t before[] = {0, 1, 4, 5, 14, 15, 29, 30, 39};
  for (const Case& each : cases)
    for (std::size_t i = 0; i < each.rates.size(); ++i)
      EXPECT_NEAR(scheduled_rate(each.schedule, rate, before[i] + 1, four_epochs), each.rates[i],
                  1e-15 * rate + 1e-14 * each.rates[i])
          << word(each.schedule.kind) << " behind step " << before[i];
}

TEST(Schedule, OfAVeryShortRunStaysFinite) {
  for (const std::uint64_t steps : {1, 2, 3})
    for (const auto kind : {ScheduleKind::cosine, ScheduleKind::one_cycle})
      for (std::uint64_t step = 1; step <= steps; ++step) {
        const double now = scheduled_rate({.kind = kind}, 1, step, {.steps_an_epoch = steps, .epochs = 1});
        EXPECT_TRUE(now >= 0 && now <= 1) << word(kind) << ", step " << step << " of " << steps << ": " << now;
      }
}

TEST(Schedule, IsKnownByItsWord) {
  for (const auto kind : {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::exponential, ScheduleKind::cosine,
                          ScheduleKind::warmup_cosine, ScheduleKind::one_cycle})
    EXPECT_EQ(schedule_kind(word(kind)), kind);
  EXPECT_EQ(schedule_kind("linear"), std::nullopt);
}

TEST(Schedule, TakesTheRateThatAPlateauHasLeft) {
  TrainingPlan plan{.learning_rate = 1, .monitor = {.figure = Monitored::loss}};
  plan.plateau = Plateau{.patience = 1, .factor = 0.5};
  History history(3);
  for (EpochResult& epoch : history) epoch.loss = 1;
  EXPECT_EQ(learning_rate(plan, history, 31, 10), 0.25);
  plan.plateau.reset();
  EXPECT_EQ(learning_rate(plan, history, 31, 10), 1);
}

}  // namespace
}  // namespace nib
