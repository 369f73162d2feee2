#include "report/confusion_matrix.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "base/text.h"
#include "report/format.h"
#include "report/html_table.h"
#include "statistics/mistakes.h"

namespace nib {
namespace {

std::span<const std::uint64_t> row_of(const RunRecord& run, std::size_t label) {
  const std::size_t classes = run.data.class_names.size();
  return std::span(run.test->confusion).subspan(label * classes, classes);
}

double share_of_row(std::span<const std::uint64_t> row, std::uint64_t count) {
  const double images = std::accumulate(row.begin(), row.end(), 0.0);
  return images > 0 ? static_cast<double>(count) / images : 0;
}

/// Errors are few: by the root of their share a single one still shows.
Html error_cell(double share, std::uint64_t count) {
  const double tint = std::min(60.0, 200 * std::sqrt(share));
  return html_element("td", {{"class", "error"}, {"style", fmt::format("--tint:{:.0f}%", tint)}},
                      html_text(with_commas(count)));
}

Html matrix_row(const RunRecord& run, std::size_t label) {
  const auto row = row_of(run, label);
  Html cells = html_element("th", {{"scope", "row"}}, html_text(run.data.class_names[label]));
  for (std::size_t predicted = 0; predicted < row.size(); ++predicted) {
    const std::uint64_t count = row[predicted];
    if (predicted == label)
      cells += html_element("td", {{"class", "right"}}, html_text(with_commas(count)));
    else if (count == 0)
      cells += html_element("td", Html());
    else
      cells += error_cell(share_of_row(row, count), count);
  }
  return html_element("tr", cells) + Html::trusted("\n");
}

}  // namespace

Html confusion_matrix_table(const RunRecord& run) {
  if (!run.test || run.test->confusion.empty()) return {};
  const std::string caption = "A row is a true class, a column a predicted one";
  Html titles = html_element("th", {{"scope", "col"}}, html_text("True"));
  for (const std::string& name : run.data.class_names)
    titles += html_element("th", {{"scope", "col"}}, html_text(name));
  Html rows;
  for (std::size_t label = 0; label < run.data.class_names.size(); ++label) rows += matrix_row(run, label);
  return scroll_box(caption,
                    html_element("table", {{"class", "matrix"}},
                                 html_element("caption", caption) + html_element("thead", html_element("tr", titles)) +
                                     html_element("tbody", rows)));
}

Html confused_pairs_table(const RunRecord& run) {
  if (!run.test || run.test->confusion.empty()) return {};
  constexpr std::size_t most = 10;
  const std::vector<std::string>& names = run.data.class_names;
  HtmlTable table("Most frequent first; the share is that of the true class",
                  {{"True"}, {"Taken for"}, {"Images", true}, {"Share, %", true}});
  for (const ConfusedPair& pair : most_confused_pairs(run.test->confusion, names.size(), most))
    table.add_row({html_text(names[pair.label]), html_text(names[pair.predicted]), html_text(with_commas(pair.count)),
                   html_text(percent_number(share_of_row(row_of(run, pair.label), pair.count)))});
  return table.html();
}

}  // namespace nib
