// When the rate is reduced, by the rules of Keras's ReduceLROnPlateau.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "nib/schedule.h"

namespace nib {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The rates of the epochs of such a run and of the one behind them, from 1 on.
std::vector<double> rates(const Plateau& plateau, Monitored figure, const std::vector<double>& figures) {
  History history;
  std::vector<double> all = {reduced_rate(plateau, 1, figure, history)};
  for (const double value : figures) {
    EpochResult epoch{.epoch = static_cast<std::uint32_t>(history.size() + 1), .loss = nan, .accuracy = nan};
    if (figure == Monitored::val_loss) epoch.validation_loss = value;
    if (figure == Monitored::accuracy) epoch.accuracy = value;
    history.push_back(epoch);
    all.push_back(reduced_rate(plateau, 1, figure, history));
  }
  return all;
}

struct Case {
  const char* what;
  Plateau plateau;
  Monitored figure;
  std::vector<double> figures;
  std::vector<double> rates;
};

TEST(Plateau, FollowsTheRulesOfKeras) {
  const Plateau half{.patience = 2, .factor = 0.5, .min_delta = 0};
  const auto with = [&](auto change) {
    Plateau plateau = half;
    change(plateau);
    return plateau;
  };
  constexpr auto loss = Monitored::val_loss;
  const Case cases[] = {
      {"better ones keep it", half, loss, {4, 3, 2, 1}, {1, 1, 1, 1, 1}},
      {"two that are not better", half, loss, {4, 4, 5, 3}, {1, 1, 1, 0.5, 0.5}},
      {"the wait begins anew behind a reduction", half, loss, {4, 4, 4, 4, 4}, {1, 1, 1, 0.5, 0.5, 0.25}},
      {"a better one starts the wait anew", half, loss, {4, 5, 3, 5, 5}, {1, 1, 1, 1, 1, 0.5}},
      {"a patience of 0 is one of 1", with([](Plateau& p) { p.patience = 0; }), loss, {4, 4, 4}, {1, 1, 0.5, 0.25}},
      {"no number is not better", half, loss, {4, nan, nan}, {1, 1, 1, 0.5}},
      {"better by exactly min_delta is not better",
       with([](Plateau& p) { p.min_delta = 0.5; }),
       loss,
       {4, 3.5, 3.5, 3.25},
       {1, 1, 1, 0.5, 0.5}},
      {"an accuracy is to be high", half, Monitored::accuracy, {0.5, 0.75, 0.7, 0.75}, {1, 1, 1, 1, 0.5}},
      // The counter falls at the begin of an epoch: in the last epoch of a cooldown Keras counts again.
      {"a cooldown of 2",
       with([](Plateau& p) { p.patience = 1, p.cooldown = 2; }),
       loss,
       {4, 4, 4, 4, 4, 4},
       {1, 1, 0.5, 0.5, 0.25, 0.25, 0.125}},
      {"a cooldown of 1 is none where one epoch is waited for",
       with([](Plateau& p) { p.patience = 1, p.cooldown = 1; }),
       loss,
       {4, 4, 4, 4},
       {1, 1, 0.5, 0.25, 0.125}},
      {"not below the least rate",
       with([](Plateau& p) { p.patience = 1, p.min_rate = 0.3; }),
       loss,
       {4, 4, 4, 4},
       {1, 1, 0.5, 0.3, 0.3}},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.what);
    EXPECT_EQ(rates(each.plateau, each.figure, each.figures), each.rates);
  }
}

TEST(Plateau, HasTheDefaultsOfKeras) {
  EXPECT_EQ(Plateau{}, (Plateau{.patience = 10, .factor = 0.1, .min_delta = 1e-4, .cooldown = 0, .min_rate = 0}));
}

}  // namespace
}  // namespace nib
