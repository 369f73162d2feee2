#include "commands/sweep/result.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "drawing/svg.h"
#include "pictures/picture_title.h"
#include "pictures/sweep.h"
#include "report/sweep_page.h"
#include "runs/file_names.h"
#include "runs/picture_files.h"
#include "runs/sweep_documents.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

std::vector<SettingRow> rows_of(const SweepPlan& plan, const SweepTable& table, std::optional<double> SweepRun::*figure,
                                std::optional<Sample> SettingFigures::*sample) {
  std::vector<SettingRow> rows;
  for (const std::size_t setting : table.order)
    rows.push_back({.label = printable(plan.settings[setting].in_words(), 200),
                    .values = table.figures(setting, figure),
                    .sample = table.settings[setting].*sample,
                    .chosen = table.chosen == setting});
  return rows;
}

Drawing picture_of(const SweepPlan& plan, const SweepTable& table, Sheet sheet) {
  return with_title(sweep_picture(rows_of(plan, table, &SweepRun::val_accuracy, &SettingFigures::val_accuracy),
                                  "validation accuracy", sheet),
                    {counted(plan.seeds.size(), "seed") + " each", "best mean first"});
}

ReportFigure report_figure(const Drawing& picture, Drawing narrow) {
  narrow.name += "-narrow";
  return {
      .name = sweep_picture_name,
      .title = picture.title,
      .caption =
          "Each faint dot is a run; the large one is their mean on its 95 % interval (Student's t, over the seeds).",
      .svg = to_svg(picture),
      .narrow_svg = to_svg(narrow)};
}

std::string four(const std::optional<double>& number) { return number ? fmt::format("{:.4f}", *number) : "-"; }

std::vector<std::string> cells_of(const std::optional<Sample>& sample) {
  if (!sample) return {"-", "-", "-", "-", "-"};
  const std::optional<Interval>& interval = sample->interval;
  return {four(sample->mean), four(sample->deviation),
          interval ? fmt::format("{:.4f}-{:.4f}", interval->low, interval->high) : "-", four(sample->lowest),
          four(sample->highest)};
}

std::string runs_cell(const SettingFigures& setting, std::size_t seeds) {
  return setting.finished == seeds ? std::to_string(seeds) : fmt::format("{}/{}", setting.finished, seeds);
}

const std::vector<std::string> titles = {"runs", "mean", "deviation", "95 % interval", "worst", "best"};

std::string table_text(const SweepPlan& plan, const SweepTable& table, const std::string& what,
                       std::optional<Sample> SettingFigures::*figure, const std::vector<std::size_t>& settings,
                       const Terminal& terminal) {
  constexpr std::size_t most_rows = 40;
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows{{what}};
  rows.front().insert(rows.front().end(), titles.begin(), titles.end());
  for (const std::size_t setting : settings) {
    if (rows.size() > most_rows) break;
    names.push_back((table.chosen == setting && plan.settings.size() > 1 ? "* " : "  ") +
                    printable(plan.settings[setting].in_words()));
    rows.push_back({names.back(), runs_cell(table.settings[setting], plan.seeds.size())});
    for (std::string& cell : cells_of(table.settings[setting].*figure)) rows.back().push_back(std::move(cell));
  }
  // Names that do not fit stand above their figures: cut, they would look alike.
  std::string text = aligned(rows, {0});
  if (terminal.breaks_lines && text_width(text.substr(0, text.find('\n'))) >= terminal.columns) {
    for (std::size_t i = 1; i < rows.size(); ++i) rows[i].front().clear();
    text = aligned(rows, {0});
    for (std::size_t i = 0, end = text.find('\n') + 1; i < names.size(); ++i) {
      text.insert(end, names[i] + '\n');
      end = text.find('\n', end + names[i].size() + 1) + 1;
    }
  }
  if (settings.size() + 1 > rows.size())
    text += fmt::format("  and {} others, in {}\n", settings.size() + 1 - rows.size(), sweep_table_file);
  return text;
}

std::string first_failures(const SweepPlan& plan, const SweepTable& table) {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t failures = 0;
  for (const SweepRun& run : table.runs)
    if (!run.reason.empty() && failures++ < most)
      text += fmt::format("  {} {}: {}\n", printable(plan.run_in_words(run.number)), word(run.state), run.reason);
  if (failures > most) text += fmt::format("  and {} others, in {}\n", failures - most, sweep_page_file);
  return failures == 0 ? text : "\nRuns that did not finish:\n" + text;
}

}  // namespace

std::vector<std::string> sweep_results() {
  std::vector<std::string> names = picture_files({sweep_picture_name});
  names.insert(names.end(), {sweep_table_file, sweep_runs_file, sweep_file, sweep_page_file});
  return names;
}

void write_results(const SweepPlan& plan, const SweepTable& table, bool all_tests, OutputFolder& folder,
                   Streams& streams) {
  folder.write(sweep_table_file, sweep_csv(plan, table, all_tests));
  folder.write(sweep_runs_file, sweep_runs_csv(plan, table, all_tests));
  folder.write(sweep_file, json_text(sweep_json(plan, table, all_tests)));
  SweepContent content{.plan = plan, .table = table, .folder = folder.path().string(), .all_tests = all_tests};
  if (std::ranges::any_of(table.settings,
                          [](const SettingFigures& setting) { return setting.val_accuracy.has_value(); })) {
    const Drawing picture = picture_of(plan, table, Sheet::wide);
    PictureWriter(folder, streams).write(picture);
    content.picture = report_figure(picture, picture_of(plan, table, Sheet::narrow));
  }
  folder.write(sweep_page_file, sweep_page(content));
}

std::string result_text(const SweepPlan& plan, const SweepTable& table, bool all_tests, const Terminal& terminal) {
  std::string text =
      table_text(plan, table, "validation accuracy", &SettingFigures::val_accuracy, table.order, terminal);
  if (plan.settings.size() > 1) text += '\n' + choice_in_words(plan, table) + '\n';
  std::vector<std::size_t> tested;
  for (const std::size_t setting : table.order)
    if (table.shows_test(setting, all_tests) && table.settings[setting].test_accuracy) tested.push_back(setting);
  if (!tested.empty())
    text += '\n' + table_text(plan, table, "test accuracy", &SettingFigures::test_accuracy, tested, terminal);
  return text + first_failures(plan, table);
}

void require_finished(const SweepPlan& plan, const SweepTable& table, const std::string& folder) {
  const std::string again = "nib sweep " + setting("resume") + ' ' + shell_word(folder);
  if (const std::size_t failed = table.failed(); failed > 0) {
    const auto first = std::ranges::find_if(table.runs, is_failed, &SweepRun::state);
    const bool all_diverged = failed == table.count(SweepRunState::diverged);
    const bool refused = first->state == SweepRunState::refused;
    throw Error(
        all_diverged ? ExitCode::numeric : ExitCode::bad_input,
        {.file = folder,
         .problem = fmt::format("{} of {} runs failed, the first of them {}: {}", failed, table.runs.size(),
                                plan.run_in_words(first->number), first->reason),
         .hint = all_diverged ? "a smaller " + setting("learning rate") + " may help"
                 : refused    ? "remove the run's folder, then " + again + " makes the run again"
                              : "the run's log is " + shell_word(folder + '/' + first->folder + '/' + sweep_run_log) +
                                 "; " + again + " tries again, from the start where its folder is removed"});
  }
  const std::size_t open = table.runs.size() - table.count(SweepRunState::finished);
  if (open == 0) return;
  const std::size_t running = table.count(SweepRunState::running);
  throw input_error({.file = folder,
                     .problem = fmt::format("{} of {} runs are not finished", open, table.runs.size()),
                     .hint = running > 0 ? fmt::format("processes are at {} of them", running) : again + " goes on"});
}

}  // namespace nib
