#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"
#include "runs/run_monitor.h"
#include "training/history.h"

namespace nib {
namespace {

bool is_share(const std::string& column) { return column.ends_with("accuracy"); }

std::string column_title(const std::string& column) {
  const std::string title = title_of_key(column);
  return is_share(column) ? title + ", %" : title;
}

std::string figure_text(const std::string& column, double value) {
  if (std::isnan(value)) return "–";
  if (is_share(column)) return percent_number(value);
  if (column == "learning_rate") return fmt::format("{:.4g}", value);
  return column == "seconds" ? fmt::format("{:.2f}", value) : four_decimals(value);
}

/// Those that have a number anywhere.
std::vector<HistoryColumn> columns_of(const History& history) {
  std::vector<HistoryColumn> columns = history_columns(history);
  std::erase_if(columns, [&](const HistoryColumn& column) {
    return std::ranges::all_of(history, [&](const EpochResult& epoch) { return std::isnan(column.value(epoch)); });
  });
  return columns;
}

std::string mark_of_best(const RunRecord& record) {
  switch (monitor_of(record.configuration, record.history).figure) {
    case Monitored::loss:
      return "lowest loss";
    case Monitored::accuracy:
      return "highest accuracy";
    case Monitored::val_accuracy:
      return "highest validation accuracy";
    case Monitored::val_loss:
      break;
  }
  return "lowest validation loss";
}

/// Each epoch, or of many one in so many that a page can hold them.
Html history_table(const RunRecord& record) {
  const History& history = record.history;
  constexpr std::size_t most_rows = 200;
  const std::size_t step = std::max<std::size_t>(1, (history.size() + most_rows - 1) / most_rows);
  const std::vector<HistoryColumn> columns = columns_of(history);
  std::vector<HtmlColumn> titles = {{.title = column_title("epoch"), .numbers = true}};
  for (const HistoryColumn& column : columns) titles.push_back({.title = column_title(column.name), .numbers = true});
  const std::optional<std::uint32_t> best = best_epoch(record);
  const std::string which = step == 1 ? "Each epoch" : fmt::format("One epoch in {}, the best and the last", step);
  HtmlTable table(which + "; the one with the " + mark_of_best(record) + " is marked", std::move(titles));
  for (const EpochResult& epoch : history) {
    if (epoch.epoch % step != 0 && epoch.epoch != best && epoch.epoch != history.size()) continue;
    std::vector<Html> cells = {html_text(std::to_string(epoch.epoch))};
    for (const HistoryColumn& column : columns)
      cells.push_back(html_text(figure_text(column.name, column.value(epoch))));
    if (epoch.epoch == best) cells[0] = html_element("span", {{"class", "badge"}}, html_text("best")) + cells[0];
    table.add_row(cells, epoch.epoch == best ? "best" : "");
  }
  return table.html();
}

}  // namespace

Html training_part(const ReportContent& content) {
  return figure_named(content, "curves") + folded("Each epoch in numbers", history_table(content.record)) +
         fact_list({{"Stopped early", early_stop_in_words(content.record)}});
}

}  // namespace nib
