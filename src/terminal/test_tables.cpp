#include "terminal/test_tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/text.h"
#include "terminal/classification.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

/// One column of the report: where it begins behind the names, and a shorter heading.
struct Column {
  std::size_t begin;
  const char* heading;
};
constexpr std::array<Column, 4> report_columns = {{{2, "prec."}, {12, "recall"}, {22, "f1"}, {32, "count"}}};
constexpr std::size_t column_width = 9, figures_width = 41;  ///< of one, of all with the space before them

/// The report with as little space as its figures need, for a terminal that would break its lines.
std::string squeezed(const std::string& report) {
  std::vector<std::string> names, figures;
  std::istringstream text(report);
  for (std::string line; std::getline(text, line);) {
    const std::size_t name = line.empty() ? 0 : line.size() - figures_width;
    names.push_back(line.substr(0, name));
    figures.push_back(line.substr(name));
  }
  const auto cell = [&](std::size_t line, const Column& column) {
    if (line == 0) return std::string(column.heading);
    const std::string whole = figures[line].empty() ? "" : figures[line].substr(column.begin, column_width);
    return whole.substr(std::min(whole.find_first_not_of(' '), whole.size()));
  };
  for (const Column& column : report_columns) {
    std::size_t width = 0;
    for (std::size_t line = 0; line < names.size(); ++line) width = std::max(width, cell(line, column).size());
    for (std::size_t line = 0; line < names.size(); ++line)
      if (!figures[line].empty()) names[line] += "  " + align_right(cell(line, column), width);
  }
  std::string result;
  for (const std::string& line : names) result += line + '\n';
  return result;
}

std::string report_for(const TestResult& result, const std::vector<std::string>& class_names, unsigned digits,
                       const Terminal& terminal) {
  const std::string report = classification_report(result.confusion, class_names, digits);
  constexpr unsigned most_digits = 7;  // with more the columns are not those above
  const bool fits = text_width(report.substr(0, report.find('\n'))) <= terminal.columns;
  return fits || !terminal.breaks_lines || digits > most_digits ? report : squeezed(report);
}

}  // namespace

std::string test_lines(const TestResult& result) {
  return fmt::format("Test loss: {:.6f}\nTest accuracy: {:.4f} ({} of {})\n", result.loss, result.accuracy,
                     with_commas(result.correct), with_commas(result.images));
}

std::string test_tables(const TestResult& result, const std::vector<std::string>& class_names, unsigned digits,
                        const Terminal& terminal) {
  return fmt::format("Confusion matrix\n{}\nClassification report\n{}",
                     confusion_table(result.confusion, class_names, terminal),
                     report_for(result, class_names, digits, terminal));
}

}  // namespace nib
