// Which epoch is the best and when a run ends early, by the rules of Keras's EarlyStopping.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <vector>

#include "nib/history.h"

namespace nib {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();

History history_of(Monitored figure, const std::vector<double>& figures) {
  History history;
  for (const double value : figures) {
    EpochResult epoch{.epoch = static_cast<std::uint32_t>(history.size() + 1), .loss = nan, .accuracy = nan};
    if (figure == Monitored::loss) epoch.loss = value;
    if (figure == Monitored::accuracy) epoch.accuracy = value;
    if (figure == Monitored::val_loss) epoch.validation_loss = value;
    if (figure == Monitored::val_accuracy) epoch.validation_accuracy = value;
    history.push_back(epoch);
  }
  return history;
}

/// The number of epochs behind which a run of these figures ends, all of them where it does not end early.
std::size_t length(const Monitor& monitor, const std::vector<double>& figures, std::uint32_t patience) {
  for (std::size_t epochs = 1; epochs <= figures.size(); ++epochs) {
    const std::vector<double> so_far(figures.begin(), figures.begin() + static_cast<std::ptrdiff_t>(epochs));
    if (stops_early(history_of(monitor.figure, so_far), monitor, patience)) return epochs;
  }
  return figures.size();
}

struct Case {
  const char* what;
  Monitor monitor;
  std::vector<double> figures;
  std::uint32_t patience;
  std::size_t length;                 ///< epochs until it ends
  std::optional<std::uint32_t> best;  ///< of all figures
};

TEST(Monitor, FollowsTheRulesOfKeras) {
  const Monitor lowest{.figure = Monitored::val_loss}, highest{.figure = Monitored::val_accuracy};
  const Case cases[] = {
      {"patience of 1", lowest, {3, 2, 2.5, 1}, 1, 3, 4},
      {"patience of 0 is one of 1", lowest, {3, 2, 2.5, 1}, 0, 3, 4},
      {"patience of 2 waits for the better one", lowest, {3, 2, 2.5, 1, 1.5, 1.25}, 2, 6, 4},
      {"a better one starts the wait anew", lowest, {3, 4, 2, 4, 1, 4, 4, 4}, 3, 8, 5},
      {"an equal one is not better", lowest, {2, 2, 2, 2}, 2, 3, 1},
      {"of equal ones the first is the best", highest, {0.5, 0.75, 0.75}, 9, 3, 2},
      {"an accuracy is to be high", highest, {0.5, 0.75, 0.7, 0.6}, 2, 4, 2},
      {"training figures", {.figure = Monitored::loss}, {3, 1, 2}, 1, 3, 2},
      {"training figures, too", {.figure = Monitored::accuracy}, {0.25, 0.5, 0.125}, 1, 3, 2},
      {"not better by enough", {.figure = Monitored::val_loss, .min_delta = 0.5}, {3, 2.75, 2.5, 2.25}, 3, 4, 4},
      {"exactly as much is not enough", {.figure = Monitored::val_loss, .min_delta = 0.5}, {3, 2.5}, 1, 2, 1},
      {"many small steps count from the best",
       {.figure = Monitored::val_accuracy, .min_delta = 0.25},
       {0.125, 0.25, 0.375, 0.5},
       4,
       4,
       4},
      {"not behind the first epoch", lowest, {nan, 1}, 0, 2, 2},
      {"no number is never better", lowest, {nan, nan, nan}, 2, 2, std::nullopt},
      {"no number does not hide the best", lowest, {2, nan, 1, nan, nan}, 2, 5, 3},
      {"an infinite loss is none", lowest, {inf, 2, inf}, 5, 3, 2},
      {"one that began infinite may stay so", lowest, {inf, inf}, 1, 2, std::nullopt},
      {"one epoch", lowest, {1}, 0, 1, 1},
      {"a negative figure", lowest, {-1, -2, -1.5}, 1, 3, 2},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.what);
    EXPECT_EQ(best_epoch(history_of(each.monitor.figure, each.figures), each.monitor), each.best);
    EXPECT_EQ(length(each.monitor, each.figures, each.patience), each.length);
  }
}

TEST(Monitor, HasNothingToSayOfNoEpoch) {
  EXPECT_EQ(best_epoch({}, {}), std::nullopt);
  EXPECT_FALSE(stops_early({}, {}, 0));
}

TEST(Monitor, IsUsuallyTheValidationLossElseTheLoss) {
  EXPECT_EQ(usual_monitor(history_of(Monitored::val_loss, {nan})).figure, Monitored::val_loss);
  EXPECT_EQ(usual_monitor(history_of(Monitored::val_accuracy, {1})).figure, Monitored::loss);
  EXPECT_EQ(usual_monitor({}).figure, Monitored::loss);
}

TEST(Monitor, IsCalledAsInTheHistory) {
  for (const Monitored figure : {Monitored::loss, Monitored::accuracy, Monitored::val_loss, Monitored::val_accuracy})
    EXPECT_EQ(monitored_figure(word(figure)), figure);
  EXPECT_STREQ(word(Monitored::val_accuracy), "val_accuracy");
  EXPECT_EQ(monitored_figure("acc"), std::nullopt);
}

}  // namespace
}  // namespace nib
