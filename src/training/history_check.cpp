#include "training/history_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "base/csv.h"
#include "training/history.h"

namespace nib {
namespace {

constexpr std::string_view epoch_column = "epoch";

std::string epochs_text(std::size_t count) { return fmt::format("{} epoch{}", count, count == 1 ? "" : "s"); }

/// What a history says in each column of a table; nothing where it does not know the column.
std::vector<std::optional<HistoryColumn>> columns_of(CsvLines& lines, const History& history) {
  const std::vector<HistoryColumn> known = history_columns(history);
  CsvCells names(lines.next());
  if (names.next() != epoch_column) throw lines.error({.problem = "not the header of a history"});
  std::vector<std::optional<HistoryColumn>> columns;
  std::size_t found = 0;
  while (!names.ended()) {
    const auto column = std::ranges::find(known, names.next(), &HistoryColumn::name);
    columns.push_back(column == known.end() ? std::nullopt : std::optional(*column));
    if (columns.back()) ++found;
  }
  if (found != known.size())
    throw lines.error({.problem = "not the columns of this run",
                       .expected = fmt::format("{} that run.json has", known.size()),
                       .got = std::to_string(found)});
  return columns;
}

/// A figure as history.csv has it. JSON has null for all that is not finite.
bool says(std::string_view cell, double figure) {
  if (std::isfinite(figure)) return cell == fmt::format("{:.9g}", figure);
  return cell == "nan" || cell == "-nan" || cell == "inf" || cell == "-inf";
}

/// As history.json tells them apart.
bool is_the_same(double one, double other) { return one == other || (!std::isfinite(one) && !std::isfinite(other)); }

void check_epoch(CsvLines& lines, const std::vector<std::optional<HistoryColumn>>& columns, const EpochResult& epoch) {
  CsvCells cells(lines.next());
  const auto check = [&](std::string_view cell, bool same, const std::string& column, const std::string& expected) {
    if (!same)
      throw lines.error({.problem = "not what run.json says", .expected = expected, .got = std::string(cell)}, column);
  };
  const std::string number = std::to_string(epoch.epoch);
  const std::string_view first = cells.next();
  check(first, first == number, std::string(epoch_column), number);
  for (const std::optional<HistoryColumn>& column : columns) {
    if (cells.ended()) throw lines.error({.problem = "ends too early"});
    const std::string_view cell = cells.next();
    if (column)
      check(cell, says(cell, column->value(epoch)), column->name, fmt::format("{:.9g}", column->value(epoch)));
  }
  if (!cells.ended()) throw lines.error({.problem = "more cells than columns"});
}

}  // namespace

void check_history_csv(std::string_view text, const std::string& source, const History& history) {
  CsvLines lines(text, source);
  const std::vector<std::optional<HistoryColumn>> columns = columns_of(lines, history);
  for (const EpochResult& epoch : history) check_epoch(lines, columns, epoch);
  if (!lines.ended()) {
    lines.next();
    throw lines.error({.problem = "more epochs than run.json has", .expected = epochs_text(history.size())});
  }
}

void check_history_json(std::string_view text, const std::string& source, const History& history) {
  constexpr int deepest = 2;
  const Json document = parse_json(text, source, deepest);
  const History found = history_from_json(JsonReader(document, source));
  if (found.size() != history.size())
    throw input_error({.file = source,
                       .problem = "not the history that run.json has",
                       .expected = epochs_text(history.size()),
                       .got = epochs_text(found.size())});
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history_json({found[i]}) == history_json({history[i]})) continue;
    std::string figure;  // the first that differs, where both have the same
    for (const HistoryColumn& column : history_columns({history[i]}))
      if (figure.empty() && !is_the_same(column.value(found[i]), column.value(history[i])))
        figure = std::string(", ") + column.name;
    throw input_error({.file = source,
                       .field = fmt::format("epoch {}{}", i + 1, figure),
                       .problem = "not the figures that run.json has"});
  }
}

}  // namespace nib
