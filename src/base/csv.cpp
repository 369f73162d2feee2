#include "base/csv.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace nib {
namespace {

/// Takes the text up to the first `separator` off the front of `text`, and the separator itself.
std::string_view take_until(char separator, std::string_view& text) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

}  // namespace

std::string_view CsvLines::next() {
  ++number_;
  if (rest_.find('\n') == std::string_view::npos) throw error({.problem = "ends too early"});
  return take_until('\n', rest_);
}

Error CsvLines::error(Problem problem) const {
  problem.file = source_;
  problem.field = "line " + std::to_string(number_) + (problem.field.empty() ? "" : ", column " + problem.field);
  problem.got = printable(problem.got, 60);
  return input_error(std::move(problem));
}

Error CsvLines::error(Problem problem, const std::string& column) const {
  problem.field = column;
  return error(std::move(problem));
}

std::string_view CsvCells::next() {
  ended_ = rest_.find(',') == std::string_view::npos;
  return take_until(',', rest_);
}

std::size_t csv_columns(std::string_view line) { return static_cast<std::size_t>(std::ranges::count(line, ',')) + 1; }

}  // namespace nib
