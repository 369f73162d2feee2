#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runs/sweep_plan.h"
#include "runs/sweep_run.h"
#include "statistics/sample.h"
#include "statistics/welch.h"

namespace nib {

/// What the finished runs of one setting say, over their seeds.
struct SettingFigures {
  std::size_t finished = 0, failed = 0;              ///< failed: diverged and refused ones, too
  std::size_t open = 0;                              ///< not begun, running or stopped
  std::optional<Sample> val_accuracy{}, val_loss{};  ///< none where a run has none
  std::optional<Sample> test_accuracy{}, test_loss{};

  bool is_complete() const { return failed == 0 && open == 0; }
};

/// All runs of a sweep, and what they say of its settings.
struct SweepTable {
  std::vector<SweepRun> runs{};            ///< in the order of the plan
  std::vector<SettingFigures> settings{};  ///< likewise
  /// The setting with the highest mean validation accuracy of those all of whose runs finished; of equal ones that with
  /// the lower mean validation loss, else the first. Where there is one setting, that one. Test figures have no say.
  std::optional<std::size_t> chosen{};
  std::optional<std::size_t> next{};  ///< the one that would be chosen without it
  std::optional<Welch> difference{};  ///< chosen less next, of validation accuracies
  std::vector<std::size_t> order{};   ///< the settings, best first, those that cannot be chosen behind them

  std::size_t count(SweepRunState state) const;
  std::size_t failed() const;
  /// Of the finished runs of a setting that have it, in the order of their seeds.
  std::vector<double> figures(std::size_t setting, std::optional<double> SweepRun::*figure) const;
  /// Whether the test figures of a setting are to be seen: those of others than the chosen one are for nobody who still
  /// chooses, or the best of them would promise too much.
  bool shows_test(std::size_t setting, bool all) const { return all || chosen == setting; }
};

bool is_failed(SweepRunState state);  ///< diverged and refused, too
bool is_open(SweepRunState state);    ///< neither failed nor finished

SweepTable sweep_table(const SweepPlan& plan, std::vector<SweepRun> runs);

}  // namespace nib
