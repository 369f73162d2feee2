#pragma once

#include <cstdint>

#include "formats/weights.h"

namespace nib {

/// The files of a run's folder, see docs/formats.md, beside those of formats/weights.h.
inline constexpr const char* record_file = "run.json";
inline constexpr std::uint64_t largest_record = std::uint64_t{64} << 20;  ///< bytes; 100,000 epochs take 12 MB
inline constexpr int deepest_record = 16;                                 ///< JSON's nesting
inline constexpr const char* history_csv_file = "history.csv";
inline constexpr const char* history_json_file = "history.json";
inline constexpr const char* predictions_file = "test_predictions.csv";
inline constexpr const char* report_file = "report.html";

/// What a sweep leaves in its folder beside the folders of its runs; what a run said stands in its own.
inline constexpr const char* plan_file = "plan.json";
inline constexpr const char* sweep_table_file = "sweep.csv";
inline constexpr const char* sweep_runs_file = "sweep_runs.csv";
inline constexpr const char* sweep_file = "sweep.json";
inline constexpr const char* sweep_page_file = "sweep.html";
inline constexpr const char* sweep_run_log = "train.log";

/// What other commands leave in their output folder.
inline constexpr const char* evaluation_file = "evaluation.json";
inline constexpr const char* comparison_file = "compare.json";

}  // namespace nib
