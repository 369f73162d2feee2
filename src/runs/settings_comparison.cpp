#include "runs/settings_comparison.h"

#include <algorithm>
#include <array>

#include "encodings/json.h"
#include "statistics/holm.h"

namespace nib {
namespace {

/// What weights do not depend on, and the name of the data, of which the hashes tell more.
constexpr std::array<const char*, 5> left_out = {"seed", "threads", "stream", "data", "validation_data"};

/// On these weights depend only where one of the last two is set, or the rate is reduced on a plateau.
constexpr std::array<const char*, 4> of_the_best = {"monitor", "min_delta", "early_stopping", "restore_best"};

Json settings_of(const RunRecord& run) {
  Json settings = run.configuration;
  for (const char* const key : left_out) settings.erase(key);
  const bool has_last_weights = run.configuration["early_stopping"].is_null() &&
                                run.configuration["restore_best"] != Json(true) &&
                                run.configuration["reduce_on_plateau"].is_null();
  for (const char* const key : of_the_best)
    if (has_last_weights) settings.erase(key);
  for (const FileRecord& file : run.data.files) settings["hashes"].push_back(file.raw_sha256);
  return settings;
}

SettingsComparison grouped(const std::vector<const RunRecord*>& runs) {
  SettingsComparison comparison;
  std::vector<Json> settings;            // of each group
  std::vector<std::vector<Json>> seeds;  // of each group
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const Json own = settings_of(*runs[run]), seed = runs[run]->configuration["seed"];
    const auto group = static_cast<std::size_t>(std::ranges::find(settings, own) - settings.begin());
    if (group == settings.size()) {
      settings.push_back(own);
      seeds.emplace_back();
      comparison.groups.emplace_back();
    }
    comparison.groups[group].runs.push_back(run);
    if (std::ranges::find(seeds[group], seed) != seeds[group].end()) continue;
    seeds[group].push_back(seed);
    comparison.groups[group].accuracies.push_back(runs[run]->test->accuracy);
  }
  return comparison;
}

}  // namespace

SettingsComparison compare_settings(const std::vector<const RunRecord*>& runs) {
  SettingsComparison comparison = grouped(runs);
  const std::vector<SettingGroup>& groups = comparison.groups;
  std::vector<double> p_values;
  for (std::size_t first = 0; first < groups.size(); ++first)
    for (std::size_t second = first + 1; second < groups.size(); ++second)
      if (const auto test = welch(groups[first].accuracies, groups[second].accuracies)) {
        comparison.pairs.push_back({.first = first, .second = second, .test = *test});
        p_values.push_back(test->p_value);
      }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) comparison.pairs[i].adjusted_p_value = adjusted[i];
  return comparison;
}

}  // namespace nib
