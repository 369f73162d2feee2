#include <fmt/format.h>

#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"

namespace nib {
namespace {

bool is_share(const std::string& column) { return column.ends_with("accuracy"); }

std::string column_title(const std::string& column) {
  const std::string title = title_of_key(column);
  return is_share(column) ? title + ", %" : title;
}

std::string figure_text(const std::string& column, std::optional<double> value) {
  if (!value) return "–";
  if (is_share(column)) return percent_number(*value);
  if (column == "epoch") return fmt::format("{:.0f}", *value);
  return column == "seconds" ? fmt::format("{:.2f}", *value) : four_decimals(*value);
}

Html history_table(const RecordedHistory& history) {
  std::vector<HtmlColumn> titles;
  for (const auto& [name, column] : history.columns) titles.push_back({.title = column_title(name), .numbers = true});
  const std::string of_best = history.find("val_loss") ? "validation loss" : "loss";
  const auto best = history.best_row();
  HtmlTable table("Each epoch; the one with the lowest " + of_best + " is marked", std::move(titles));
  for (std::size_t row = 0; row < history.epochs(); ++row) {
    std::vector<Html> cells;
    for (const auto& [name, column] : history.columns) cells.push_back(html_text(figure_text(name, column[row])));
    if (row == best) cells[0] = html_element("span", {{"class", "badge"}}, html_text("best")) + cells[0];
    table.add_row(cells, row == best ? "best" : "");
  }
  return table.html();
}

}  // namespace

Html training_part(const ReportSource& source) {
  return figure_named(source.content, "curves") + history_table(source.run.history);
}

}  // namespace nib
