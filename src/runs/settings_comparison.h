#pragma once

#include <cstddef>
#include <vector>

#include "runs/run_record.h"
#include "statistics/welch.h"

namespace nib {

/// Runs that differ in nothing that their weights depend on but the seed: same training images, network and settings.
struct SettingGroup {
  std::vector<std::size_t> runs;   ///< by their indices
  std::vector<double> accuracies;  ///< on the test set, one a seed: runs of one seed have the same weights
};

/// Two groups of several seeds each, by their indices.
struct SettingPair {
  std::size_t first = 0, second = 0;
  Welch test{};                 ///< of their test accuracies
  double adjusted_p_value = 1;  ///< for the number of pairs (Holm)
};

/// What runs say of their settings. Single weights say nothing of them: with another seed either may be the better.
struct SettingsComparison {
  std::vector<SettingGroup> groups;  ///< in the order of their first runs
  std::vector<SettingPair> pairs;    ///< those of which there is something to say
};

/// Of finished runs that were tested on the same set.
SettingsComparison compare_settings(const std::vector<const RunRecord*>& runs);

}  // namespace nib
