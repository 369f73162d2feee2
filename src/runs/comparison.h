#pragma once

#include <string>
#include <vector>

#include "encodings/json.h"
#include "runs/run_files.h"
#include "runs/settings_comparison.h"
#include "statistics/intervals.h"
#include "statistics/mcnemar.h"

namespace nib {

/// One of several runs, and what is worked out from its files.
struct ComparedRun {
  RunFiles files;
  std::string name;          ///< of its folder, or the whole path where another run's folder has the same name
  Interval accuracy{};       ///< of the test accuracy, 95 % (Wilson)
  double calibration = 0;    ///< expected calibration error
  double epoch_seconds = 0;  ///< median
};

/// McNemar's test of two runs, by their indices.
struct ComparedPair {
  std::size_t first = 0, second = 0;
  McNemar test{};
  double adjusted_p_value = 1;  ///< for the number of pairs (Holm)
};

struct Comparison {
  std::vector<ComparedRun> runs;
  std::vector<ComparedPair> pairs;  ///< speak of these weights on this test set
  SettingsComparison settings;
  std::vector<std::string> differing_settings;  ///< keys of run.json's "configuration"
};

/// Compares at least two runs. Throws Error (bad input) naming a run that was not tested, or both of two that were not
/// tested on the same images and labels.
Comparison compare_runs(std::vector<RunFiles> runs);

/// What compare.json holds, see docs/json.md.
Json comparison_json(const Comparison& comparison);

}  // namespace nib
