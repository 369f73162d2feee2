#include "report/sweep_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "machine/machine.h"
#include "pictures/pictures.h"
#include "report/embedded.h"
#include "report/format.h"
#include "report/html_table.h"
#include "report/page_body.h"
#include "report/page_head.h"
#include "report/sections.h"

namespace nib {
namespace {

constexpr std::size_t most_failures = 50;

std::string interval_text(const std::optional<Sample>& sample) {
  if (!sample || !sample->interval) return "";
  return percent_number(sample->interval->low) + "\u2013" + percent_number(sample->interval->high);
}

std::string mean_note(const Sample& sample) {
  if (!sample.interval) return "one run";
  return fmt::format("mean of {} runs, 95\u00a0% interval {} to {}", sample.count, percent_number(sample.interval->low),
                     percent(sample.interval->high));
}

Html cards(const SweepContent& content) {
  const SweepTable& table = content.table;
  Html cards;
  if (!table.chosen || content.plan.settings.size() == 1)
    cards += card(
        "Finished runs",
        fmt::format("{} of {}", with_commas(table.count(SweepRunState::finished)), with_commas(table.runs.size())), "");
  else
    cards += card("Chosen setting", content.plan.settings[*table.chosen].in_words(), "by validation", "setting");
  if (table.chosen) {
    const SettingFigures& chosen = table.settings[*table.chosen];
    if (chosen.val_accuracy)
      cards += card("Validation accuracy", percent(chosen.val_accuracy->mean), mean_note(*chosen.val_accuracy));
    if (chosen.test_accuracy)
      cards += card("Test accuracy", percent(chosen.test_accuracy->mean), mean_note(*chosen.test_accuracy), "main");
  }
  return html_element("dl", {{"class", "cards"}}, cards);
}

/// "12 training runs in DIR, 1 of them failed."
Html lead(const SweepContent& content) {
  const SweepTable& table = content.table;
  std::string rest;
  if (const std::size_t failed = table.failed(); failed > 0) rest += fmt::format(", {} of them failed", failed);
  if (const std::size_t finished = table.count(SweepRunState::finished) + table.failed(); finished < table.runs.size())
    rest += fmt::format(", {} not finished", table.runs.size() - finished);
  return html_element("p", {{"class", "lead"}},
                      html_text(counted(table.runs.size(), "training run") + " in ") +
                          html_element("code", content.folder) + html_text(rest + "."));
}

Html header(const SweepContent& content) {
  const std::string title = fmt::format("{} with {} each", counted(content.plan.settings.size(), "setting"),
                                        counted(content.plan.seeds.size(), "seed"));
  return html_element("header", html_element("p", {{"class", "kind"}}, html_text("Sweep")) + html_element("h1", title) +
                                    lead(content) + cards(content));
}

/// What there is to see of how many.
std::string state_text(const SettingFigures& setting) {
  std::string text = std::to_string(setting.finished);
  if (setting.failed > 0) text += fmt::format(", {} failed", setting.failed);
  if (setting.open > 0) text += fmt::format(", {} open", setting.open);
  return text;
}

Html number_cell(const std::optional<Sample>& sample, double Sample::*figure) {
  return html_text(sample ? percent_number((*sample).*figure) : "-");
}

Html deviation_cell(const std::optional<Sample>& sample) {
  return html_text(sample && sample->deviation ? percent_number(*sample->deviation) : "-");
}

/// Each option has a column of its own where there is room for them.
bool has_columns(const SweepPlan& plan) {
  constexpr std::size_t most = 3;
  return !plan.settings.front().values.empty() && plan.settings.front().values.size() <= most;
}

std::vector<HtmlColumn> setting_columns(const SweepPlan& plan) {
  if (!has_columns(plan)) return {{"Setting"}};
  std::vector<HtmlColumn> columns;
  for (const auto& [option, value] : plan.settings.front().values) columns.push_back({option});
  return columns;
}

std::vector<Html> setting_cells(const SweepPlan& plan, std::size_t number, bool chosen) {
  const SweepSetting& setting = plan.settings[number];
  std::vector<Html> cells;
  if (has_columns(plan))
    for (const auto& [option, value] : setting.values) cells.push_back(html_text(value));
  else
    cells.push_back(html_text(setting.in_words()));
  if (chosen) cells.front() = html_element("span", {{"class", "badge"}}, html_text("chosen")) + cells.front();
  return cells;
}

Html settings_table(const SweepContent& content, const char* caption, std::optional<Sample> SettingFigures::*figure,
                    bool of_test, Sheet sheet) {
  const bool with_runs = std::ranges::any_of(content.table.settings, [](const SettingFigures& setting) {
    return !setting.is_complete();  // else the title of the page tells how many there are
  });
  std::vector<HtmlColumn> columns = setting_columns(content.plan);
  if (with_runs) columns.push_back({"Runs", true});
  columns.push_back({"Mean", true});
  if (sheet == Sheet::wide) columns.push_back({"Deviation", true});
  for (const char* const title : {"95 % interval", "Worst", "Best"}) columns.push_back({title, true});
  HtmlTable table(caption, std::move(columns));
  for (const std::size_t setting : content.table.order) {
    const SettingFigures& figures = content.table.settings[setting];
    const std::optional<Sample>& sample = figures.*figure;
    if (of_test && (!sample || !content.table.shows_test(setting, content.all_tests))) continue;
    const bool chosen = content.table.chosen == setting && content.plan.settings.size() > 1;
    std::vector<Html> cells = setting_cells(content.plan, setting, chosen);
    if (with_runs) cells.push_back(html_text(state_text(figures)));
    const std::string interval = interval_text(sample);
    cells.push_back(number_cell(sample, &Sample::mean));
    if (sheet == Sheet::wide) cells.push_back(deviation_cell(sample));
    cells.insert(cells.end(), {html_text(interval.empty() ? "-" : interval), number_cell(sample, &Sample::lowest),
                               number_cell(sample, &Sample::highest)});
    table.add_row(cells, chosen ? "best" : "");
  }
  return table.html();
}

/// A phone has no room for all columns: the interval tells of the deviation, too.
Html settings_tables(const SweepContent& content, const char* caption, std::optional<Sample> SettingFigures::*figure,
                     bool of_test) {
  return wide_or_narrow(settings_table(content, caption, figure, of_test, Sheet::wide),
                        settings_table(content, caption, figure, of_test, Sheet::narrow));
}

Html settings_part(const SweepContent& content) {
  return (content.picture.name.empty() ? Html() : figure(content.picture)) +
         settings_tables(content, "Validation accuracy in %, best mean first", &SettingFigures::val_accuracy, false);
}

Html choice_part(const SweepContent& content) {
  Html text = html_element("p", choice_in_words(content.plan, content.table));
  const Html tests = settings_tables(content, "Test accuracy in %", &SettingFigures::test_accuracy, true);
  if (!content.all_tests && content.plan.settings.size() > 1 && content.table.chosen)
    text += html_element("p",
                         "Test figures are those of the chosen setting alone: the best of many test figures is best by "
                         "chance, too, and promises more than new images keep.");
  return text + tests;
}

Html runs_part(const SweepContent& content) {
  HtmlTable table("Runs in the order of the plan; accuracies in %",
                  {{"Folder"}, {"State"}, {"Validation", true}, {"Test", true}, {"Training", true}, {"Weights"}});
  for (const SweepRun& run : content.table.runs) {
    const bool with_test = content.table.shows_test(run.number % content.plan.settings.size(), content.all_tests);
    const auto share = [](const std::optional<double>& value) { return value ? percent_number(*value) : "-"; };
    table.add_row({html_element("code", run.folder), html_text(word(run.state)), html_text(share(run.val_accuracy)),
                   html_text(with_test ? share(run.test_accuracy) : ""),
                   html_text(run.training_seconds ? duration(*run.training_seconds) : ""),
                   html_element("code", run.weights_sha256.substr(0, 8))});
  }
  return folded("All " + counted(content.table.runs.size(), "run"), table.html());
}

Html failures_part(const SweepContent& content) {
  HtmlTable table("Their logs are the files train.log in their folders", {{"Folder"}, {"State"}, {"Reason"}});
  std::size_t shown = 0;
  for (const SweepRun& run : content.table.runs)
    if (!run.reason.empty() && shown++ < most_failures)
      table.add_row({html_element("code", run.folder), html_text(word(run.state)), html_text(run.reason)});
  return table.html();
}

Html origin_part(const SweepContent& content) {
  NamedTexts facts;
  for (const auto& [option, value] : content.plan.common) facts.emplace_back("--" + option, value);
  facts.emplace_back("Seeds", ranges_text(content.plan.seeds));
  facts.emplace_back("Program", program_versions());
  facts.emplace_back("Processor", processor_name());
  return fact_list(facts) +
         subsection("Command", html_element("pre", {{"class", "wrapped copyable"}},
                                            html_element("code", "nib sweep " + sweep_options(content.plan) +
                                                                     " --out " + shell_word(content.folder))));
}

}  // namespace

std::string choice_in_words(const SweepPlan& plan, const SweepTable& table) {
  const std::size_t settings = plan.settings.size();
  if (settings == 1) return "There is one setting: nothing was to be chosen.";
  if (!table.chosen) {
    const bool validated =
        std::ranges::any_of(table.settings, [](const SettingFigures& each) { return each.val_accuracy.has_value(); });
    return validated ? "No setting was chosen: none has all its runs finished."
                     : "No setting was chosen: without validation images there is nothing to choose by.";
  }
  const SettingFigures& chosen = table.settings[*table.chosen];
  std::string text = fmt::format("{} was chosen: its mean validation accuracy, {:.4f}, is the highest",
                                 plan.settings[*table.chosen].in_words(), chosen.val_accuracy->mean);
  if (std::ranges::any_of(table.settings, [](const SettingFigures& each) { return !each.is_complete(); }))
    text += " of the settings all of whose runs finished";
  text += '.';
  if (!table.next) return text;
  text += fmt::format(" Next is {} with {:.4f}", plan.settings[*table.next].in_words(),
                      table.settings[*table.next].val_accuracy->mean);
  if (!table.difference) return text + (plan.seeds.size() < 2 ? ": one seed cannot tell whether that is chance." : ".");
  constexpr double evidence = 0.05;
  const double p = table.difference->p_value;
  return text + fmt::format(" (Welch's t-test: {}), {}.", p < 1e-3 ? "p < 0.001" : fmt::format("p = {:.3f}", p),
                            p < evidence ? "and the difference is more than the seeds' chance"
                                         : "and the difference may be chance of the seeds");
}

std::string sweep_page(const SweepContent& content) {
  const std::string title = fmt::format("Sweep of {}", counted(content.table.runs.size(), "run"));
  const std::vector<PagePart> parts = {{"settings", "Settings", settings_part(content)},
                                       {"choice", "Choice", choice_part(content)},
                                       {"failures", "Failed runs", failures_part(content)},
                                       {"runs", "Runs", runs_part(content)},
                                       {"origin", "How it was made", origin_part(content)}};
  const Html footer = html_element(
      "footer", html_element("p", "Made by " + program_versions().substr(0, program_versions().find(',')) + "."));
  return "<!DOCTYPE html>\n" +
         html_element(
             "html", {{"lang", "en"}},
             page_head(title, report_style, report_script) + page_body(header(content), parts, footer, report_script))
             .markup() +
         "\n";
}

}  // namespace nib
