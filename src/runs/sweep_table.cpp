#include "runs/sweep_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nib {
namespace {

using Figure = std::optional<double> SweepRun::*;

std::optional<Sample> sample(const SweepTable& table, std::size_t setting, Figure figure) {
  const std::vector<double> numbers = table.figures(setting, figure);
  return numbers.size() == table.settings[setting].finished ? describe_sample(numbers) : std::nullopt;
}

/// Of shares, which lie between 0 and 1 wherever an interval of few numbers ends.
std::optional<Sample> share_sample(const SweepTable& table, std::size_t setting, Figure figure) {
  std::optional<Sample> shares = sample(table, setting, figure);
  if (shares && shares->interval)
    shares->interval =
        Interval{.low = std::max(shares->interval->low, 0.0), .high = std::min(shares->interval->high, 1.0)};
  return shares;
}

/// The more, the better; a setting that cannot be chosen is behind all others.
std::pair<double, double> rank(const SettingFigures& setting) {
  const bool can_be_chosen = setting.is_complete() && setting.val_accuracy;
  if (!can_be_chosen) return {-1, setting.val_accuracy ? setting.val_accuracy->mean : -1};
  return {setting.val_accuracy->mean, setting.val_loss ? -setting.val_loss->mean : 0};
}

void choose(SweepTable& table) {
  table.order.resize(table.settings.size());
  std::iota(table.order.begin(), table.order.end(), std::size_t{0});
  std::ranges::stable_sort(table.order, std::ranges::greater{},
                           [&](std::size_t setting) { return rank(table.settings[setting]); });
  const auto can_be_chosen = [&](std::size_t place) {
    return place < table.order.size() && rank(table.settings[table.order[place]]).first >= 0;
  };
  if (can_be_chosen(0)) table.chosen = table.order[0];
  if (can_be_chosen(1)) {
    table.next = table.order[1];
    table.difference = welch(table.figures(*table.next, &SweepRun::val_accuracy),
                             table.figures(*table.chosen, &SweepRun::val_accuracy));
  }
  if (table.settings.size() == 1 && table.settings[0].finished > 0) table.chosen = 0;
}

}  // namespace

bool is_failed(SweepRunState state) {
  return state == SweepRunState::failed || state == SweepRunState::diverged || state == SweepRunState::refused;
}

bool is_open(SweepRunState state) { return state != SweepRunState::finished && !is_failed(state); }

std::size_t SweepTable::count(SweepRunState state) const {
  return static_cast<std::size_t>(std::ranges::count(runs, state, &SweepRun::state));
}

std::size_t SweepTable::failed() const {
  return static_cast<std::size_t>(std::ranges::count_if(runs, is_failed, &SweepRun::state));
}

std::vector<double> SweepTable::figures(std::size_t setting, std::optional<double> SweepRun::*figure) const {
  std::vector<double> all;
  for (std::size_t i = setting; i < runs.size(); i += settings.size())
    if (runs[i].state == SweepRunState::finished && runs[i].*figure) all.push_back(*(runs[i].*figure));
  return all;
}

SweepTable sweep_table(const SweepPlan& plan, std::vector<SweepRun> runs) {
  SweepTable table{.runs = std::move(runs)};
  table.settings.resize(plan.settings.size());
  for (std::size_t i = 0; i < table.runs.size(); ++i) {
    SettingFigures& setting = table.settings[i % plan.settings.size()];
    const SweepRunState state = table.runs[i].state;
    ++(state == SweepRunState::finished ? setting.finished : is_failed(state) ? setting.failed : setting.open);
  }
  for (std::size_t i = 0; i < table.settings.size(); ++i) {
    SettingFigures& setting = table.settings[i];
    setting.val_accuracy = share_sample(table, i, &SweepRun::val_accuracy);
    setting.val_loss = sample(table, i, &SweepRun::val_loss);
    setting.test_accuracy = share_sample(table, i, &SweepRun::test_accuracy);
    setting.test_loss = sample(table, i, &SweepRun::test_loss);
  }
  choose(table);
  return table;
}

}  // namespace nib
