#pragma once

namespace nib {

/// The files of a run's folder, see docs/formats.md.
inline constexpr const char* record_file = "run.json";
inline constexpr const char* model_file = "model.safetensors";
inline constexpr const char* unfinished_model_file = "interrupted.safetensors";
inline constexpr const char* history_csv_file = "history.csv";
inline constexpr const char* history_json_file = "history.json";
inline constexpr const char* predictions_file = "test_predictions.csv";
inline constexpr const char* report_file = "report.html";

/// What other commands leave in their output folder.
inline constexpr const char* evaluation_file = "evaluation.json";
inline constexpr const char* comparison_file = "compare.json";

}  // namespace nib
