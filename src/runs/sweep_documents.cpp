#include "runs/sweep_documents.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "machine/machine.h"

namespace nib {
namespace {

/// A cell as RFC 4180 has it.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return quoted + '"';
}

/// As history.csv has them: nine digits tell every float.
std::string cell(const std::optional<double>& number) { return number ? fmt::format("{:.9g}", *number) : ""; }

void add_cells(std::string& line, const std::vector<std::string>& cells) {
  for (const std::string& each : cells) line += (line.empty() ? "" : ",") + each;
}

std::vector<std::string> titles_of(const std::string& figure) {
  return {figure + "_mean",          figure + "_deviation", figure + "_interval_low",
          figure + "_interval_high", figure + "_lowest",    figure + "_highest"};
}

std::vector<std::string> cells_of(const std::optional<Sample>& sample) {
  if (!sample) return std::vector<std::string>(6);
  const std::optional<Interval>& interval = sample->interval;
  return {cell(sample->mean),
          cell(sample->deviation),
          cell(interval ? std::optional(interval->low) : std::nullopt),
          cell(interval ? std::optional(interval->high) : std::nullopt),
          cell(sample->lowest),
          cell(sample->highest)};
}

std::string value_titles(const SweepPlan& plan) {
  std::string line;
  for (const auto& [option, value] : plan.settings.front().values) add_cells(line, {cell(option)});
  return line;
}

std::string value_cells(const SweepSetting& setting) {
  std::string line;
  for (const auto& [option, value] : setting.values) add_cells(line, {cell(value)});
  return line;
}

Json sample_json(const std::optional<Sample>& sample) {
  if (!sample) return {};
  const std::optional<Interval>& interval = sample->interval;
  Json document = {{"runs", sample->count},
                   {"mean", sample->mean},
                   {"deviation", sample->deviation},
                   {"lowest", sample->lowest},
                   {"highest", sample->highest}};
  if (interval) document["interval"] = Json::array({interval->low, interval->high});
  return document;
}

Json setting_json(const SweepSetting& setting, const SettingFigures& figures, bool with_test) {
  return {{"values", to_json(setting.values)},
          {"finished", figures.finished},
          {"failed", figures.failed},
          {"open", figures.open},
          {"val_accuracy", sample_json(figures.val_accuracy)},
          {"val_loss", sample_json(figures.val_loss)},
          {"test_accuracy", with_test ? sample_json(figures.test_accuracy) : Json()},
          {"test_loss", with_test ? sample_json(figures.test_loss) : Json()}};
}

Json run_json(const SweepPlan& plan, const SweepRun& run, bool with_test) {
  return {{"folder", run.folder},
          {"setting", run.number % plan.settings.size()},
          {"seed", plan.seed(run.number)},
          {"state", word(run.state)},
          {"reason", run.reason.empty() ? Json() : Json(run.reason)},
          {"val_accuracy", run.val_accuracy},
          {"val_loss", run.val_loss},
          {"test_accuracy", with_test ? Json(run.test_accuracy) : Json()},
          {"test_loss", with_test ? Json(run.test_loss) : Json()},
          {"weights_epoch", run.weights_epoch},
          {"weights_sha256", run.weights_sha256.empty() ? Json() : Json(run.weights_sha256)},
          {"engine", run.engine.empty() ? Json() : Json(run.engine)},
          {"training_seconds", run.training_seconds}};
}

Json choice_json(const SweepTable& table) {
  if (!table.chosen) return {};
  const std::optional<Welch>& test = table.difference;
  return {{"setting", *table.chosen},
          {"next", table.next},
          {"difference", test ? Json(test->difference) : Json()},
          {"p_value", test ? Json(test->p_value) : Json()}};
}

}  // namespace

std::string sweep_csv(const SweepPlan& plan, const SweepTable& table, bool all_tests) {
  std::string text = value_titles(plan);
  add_cells(text, {"finished", "failed", "open"});
  for (const char* const figure : {"val_accuracy", "val_loss", "test_accuracy", "test_loss"})
    add_cells(text, titles_of(figure));
  add_cells(text, {"chosen"});
  text += '\n';
  for (std::size_t i = 0; i < plan.settings.size(); ++i) {
    const SettingFigures& setting = table.settings[i];
    const bool with_test = table.shows_test(i, all_tests);
    std::string line = value_cells(plan.settings[i]);
    add_cells(line, {std::to_string(setting.finished), std::to_string(setting.failed), std::to_string(setting.open)});
    for (const auto& sample : {setting.val_accuracy, setting.val_loss}) add_cells(line, cells_of(sample));
    for (const auto& sample : {setting.test_accuracy, setting.test_loss})
      add_cells(line, cells_of(with_test ? sample : std::nullopt));
    add_cells(line, {table.chosen == i ? "true" : "false"});
    text += line + '\n';
  }
  return text;
}

std::string sweep_runs_csv(const SweepPlan& plan, const SweepTable& table, bool all_tests) {
  std::string text = value_titles(plan);
  add_cells(text, {"seed", "folder", "state", "val_accuracy", "val_loss", "test_accuracy", "test_loss", "weights_epoch",
                   "weights_sha256", "training_seconds"});
  text += '\n';
  for (const SweepRun& run : table.runs) {
    const bool with_test = table.shows_test(run.number % plan.settings.size(), all_tests);
    std::string line = value_cells(plan.setting(run.number));
    add_cells(line, {std::to_string(plan.seed(run.number)), cell(run.folder), word(run.state), cell(run.val_accuracy),
                     cell(run.val_loss), with_test ? cell(run.test_accuracy) : "", with_test ? cell(run.test_loss) : "",
                     run.weights_epoch ? std::to_string(*run.weights_epoch) : "", run.weights_sha256,
                     cell(run.training_seconds)});
    text += line + '\n';
  }
  return text;
}

Json sweep_json(const SweepPlan& plan, const SweepTable& table, bool all_tests) {
  Json settings = Json::array(), runs = Json::array();
  for (std::size_t i = 0; i < plan.settings.size(); ++i)
    settings.push_back(setting_json(plan.settings[i], table.settings[i], table.shows_test(i, all_tests)));
  for (const SweepRun& run : table.runs)
    runs.push_back(run_json(plan, run, table.shows_test(run.number % plan.settings.size(), all_tests)));
  return {{"program", program_json()},       {"common", to_json(plan.common)}, {"seeds", plan.seeds},
          {"settings", std::move(settings)}, {"choice", choice_json(table)},   {"runs", std::move(runs)}};
}

}  // namespace nib
