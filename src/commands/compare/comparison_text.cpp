#include "commands/compare/comparison_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "base/text.h"
#include "encodings/json.h"
#include "nib/parameters.h"
#include "runs/run_monitor.h"
#include "terminal/side_by_side.h"

namespace nib {
namespace {

constexpr double evidence_level = 0.05;
constexpr std::array<const char*, 4> always_shown = {"epochs", "batch", "learning_rate", "seed"};

Json setting_of(const ComparedRun& run, const std::string& key) { return run.files.record.configuration[key]; }

/// A setting in one cell. What is too long for one, such as a network, is told by the first run that has the same.
std::string setting_text(const Comparison& comparison, const ComparedRun& run, const std::string& key) {
  const Json value = setting_of(run, key);
  if (value.is_null()) return "-";
  if (value.is_text()) return value.text();
  if (!value.is_structured()) return json_line(value);
  const auto first =
      std::ranges::find_if(comparison.runs, [&](const ComparedRun& other) { return setting_of(other, key) == value; });
  return &*first == &run ? "its own" : "that of " + first->name;
}

/// "cpu, AVX2, 2 threads" in its parts, one below the other: columns stay narrow.
void add_device_rows(const Comparison& comparison, std::vector<SideBySideRow>& rows) {
  std::vector<std::string> rest;
  for (const ComparedRun& run : comparison.runs) rest.push_back(run.files.record.engine);
  std::string label = "device";
  while (std::ranges::any_of(rest, [](const std::string& text) { return !text.empty(); })) {
    SideBySideRow row{.label = std::exchange(label, ""), .cells = {}};
    for (std::string& text : rest) {
      const std::size_t end = std::min(text.find(", "), text.size());
      row.cells.push_back(text.substr(0, end));
      text.erase(0, end + 2);
    }
    rows.push_back(std::move(row));
  }
}

std::string epoch_text(std::optional<std::uint32_t> epoch) { return epoch ? std::to_string(*epoch) : "-"; }

bool has_stopped(const ComparedRun& run) { return !run.files.record.stops.empty(); }

/// What of a run's times is not all of it.
std::string stops_text(const Comparison& comparison) {
  std::vector<std::string> names;
  for (const ComparedRun& run : comparison.runs)
    if (has_stopped(run)) names.push_back(printable(run.name));
  if (names.empty()) return "";
  return "\nTraining seconds of " + join_words(names) + " count from the last stop on\n";
}

std::vector<SideBySideRow> figures(const Comparison& comparison) {
  std::vector<SideBySideRow> rows;
  const auto add = [&](const std::string& label, const std::function<std::string(const ComparedRun&)>& cell) {
    rows.push_back({.label = label, .cells = {}});
    for (const ComparedRun& run : comparison.runs) rows.back().cells.push_back(cell(run));
  };
  const auto add_setting = [&](const std::string& key) {
    std::string label = key;
    std::ranges::replace(label, '_', ' ');
    add(printable(label, 40), [&](const ComparedRun& run) { return setting_text(comparison, run, key); });
  };
  add("test accuracy", [](const ComparedRun& run) { return fmt::format("{:.4f}", run.files.record.test->accuracy); });
  add("95 % interval",
      [](const ComparedRun& run) { return fmt::format("{:.4f}-{:.4f}", run.accuracy.low, run.accuracy.high); });
  add("test loss", [](const ComparedRun& run) { return fmt::format("{:.6f}", run.files.record.test->loss); });
  add("calibration error", [](const ComparedRun& run) { return fmt::format("{:.4f}", run.calibration); });
  add("training seconds",
      [](const ComparedRun& run) { return fmt::format("{:.2f}", *run.files.record.seconds.training); });
  add("seconds an epoch", [](const ComparedRun& run) { return fmt::format("{:.2f}", run.epoch_seconds); });
  if (std::ranges::any_of(comparison.runs, has_stopped))
    add("stops", [](const ComparedRun& run) { return std::to_string(run.files.record.stops.size()); });
  for (const char* key : always_shown) add_setting(key);
  add("weights of epoch", [](const ComparedRun& run) { return epoch_text(epoch_of_weights(run.files.record)); });
  add("best epoch", [](const ComparedRun& run) { return epoch_text(best_epoch(run.files.record)); });
  add("parameters", [](const ComparedRun& run) { return with_commas(parameter_count(run.files.network)); });
  add_device_rows(comparison, rows);
  add("weights sha256", [](const ComparedRun& run) { return run.files.record.weights_sha256.substr(0, 12); });
  for (const std::string& key : comparison.differing_settings)
    if (std::ranges::find(always_shown, key) == always_shown.end()) add_setting(key);
  return rows;
}

std::string p_text(double p_value) { return p_value < 1e-3 ? "p < 0.001" : fmt::format("p = {:.3f}", p_value); }

std::string verdict(const ComparedPair& pair, const std::string& first, const std::string& second) {
  if (pair.adjusted_p_value >= evidence_level) return "no evidence that the weights of one are better";
  const bool first_leads = pair.test.only_first_right > pair.test.only_second_right;
  return "evidence that the weights of " + (first_leads ? first : second) + " are better";
}

constexpr auto adjusted_line = "  adjusted: for {} comparisons at once (Holm); what is said of evidence goes by it\n";

std::string adjusted_text(std::size_t comparisons, double p_value) {
  return comparisons > 1 ? ", adjusted " + p_text(p_value) : "";
}

std::string pair_line(const Comparison& comparison, const ComparedPair& pair) {
  const std::string first = printable(comparison.runs[pair.first].name);
  const std::string second = printable(comparison.runs[pair.second].name);
  const std::uint64_t either = pair.test.only_first_right + pair.test.only_second_right;
  return fmt::format("  {} and {} differ by {} image{} ({} right in the first alone, {} in the second); {}{}: {}\n",
                     first, second, with_commas(either), either == 1 ? "" : "s",
                     with_commas(pair.test.only_first_right), with_commas(pair.test.only_second_right),
                     p_text(pair.test.p_value), adjusted_text(comparison.pairs.size(), pair.adjusted_p_value),
                     verdict(pair, first, second));
}

std::string names_of(const Comparison& comparison, const SettingGroup& group) {
  std::vector<std::string> names;
  for (const std::size_t run : group.runs) names.push_back(printable(comparison.runs[run].name));
  return join_words(names);
}

std::string group_text(const SettingGroup& group) {
  if (group.accuracies.size() < 2) return "one seed, which tells nothing of the settings";
  return fmt::format("{} seeds, mean test accuracy {:.4f}, standard deviation {:.4f}", group.accuracies.size(),
                     mean(group.accuracies), standard_deviation(group.accuracies));
}

char letter(std::size_t group) { return static_cast<char>('A' + group); }

std::string setting_pair_line(const SettingsComparison& settings, const SettingPair& pair) {
  std::string verdict = "no evidence that one is better";
  if (pair.adjusted_p_value < evidence_level)
    verdict = fmt::format("evidence that {} is better", letter(pair.test.difference > 0 ? pair.second : pair.first));
  return fmt::format("  {} and {} differ by {:.4f}; {}{}: {}\n", letter(pair.first), letter(pair.second),
                     std::fabs(pair.test.difference), p_text(pair.test.p_value),
                     adjusted_text(settings.pairs.size(), pair.adjusted_p_value), verdict);
}

/// Single weights say nothing of the settings that they were trained with: only several seeds do.
std::string settings_text(const Comparison& comparison) {
  const SettingsComparison& settings = comparison.settings;
  const bool several_seeds =
      std::ranges::any_of(settings.groups, [](const SettingGroup& group) { return group.accuracies.size() > 1; });
  if (settings.groups.size() == 1 && !several_seeds) return "The settings: all runs have the same, and the same seed\n";
  if (settings.groups.size() == 1)
    return "The settings: all runs have the same but for the seed, so that what differs is chance\n  " +
           group_text(settings.groups.front()) + '\n';
  if (!several_seeds)
    return "The settings: one run of each tells nothing of them, another seed may turn it round; train each with "
           "several seeds and compare all of those runs\n";
  std::string text = "The settings: Welch's t-test on the test accuracies of several seeds (two-sided)\n";
  for (std::size_t group = 0; group < settings.groups.size(); ++group)
    text += fmt::format("  {} = {}: {}\n", letter(group), names_of(comparison, settings.groups[group]),
                        group_text(settings.groups[group]));
  if (settings.pairs.empty()) text += "  which is better cannot be said: that needs several seeds of each\n";
  for (const SettingPair& pair : settings.pairs) text += setting_pair_line(settings, pair);
  if (settings.pairs.size() > 1) text += fmt::format(adjusted_line, settings.pairs.size());
  return text;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const Terminal& terminal) {
  std::vector<std::string> names, keys;
  for (const ComparedRun& run : comparison.runs) names.push_back(run.name);
  for (const std::string& key : comparison.differing_settings) keys.push_back(printable(key, 40));
  std::string text = side_by_side(names, figures(comparison), terminal) + stops_text(comparison);
  text += "\nSettings that differ: " + (keys.empty() ? "none" : join_words(keys)) + '\n';
  text += fmt::format("\nThe weights: McNemar's test on {} test images (exact, two-sided)\n",
                      with_commas(comparison.runs.front().files.predictions.size()));
  for (const ComparedPair& pair : comparison.pairs) text += pair_line(comparison, pair);
  if (comparison.pairs.size() > 1) text += fmt::format(adjusted_line, comparison.pairs.size());
  return text + '\n' + settings_text(comparison);
}

}  // namespace nib
