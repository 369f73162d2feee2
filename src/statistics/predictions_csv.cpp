#include "statistics/predictions_csv.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

constexpr std::size_t most_classes = 256;
constexpr std::array<std::string_view, 3> first_columns = {"index", "true", "predicted"};

std::string column_name(std::size_t column) {
  if (column < first_columns.size()) return std::string(first_columns[column]);
  return fmt::format("p{}", column - first_columns.size());
}

std::string header(std::size_t classes) {
  std::string line;
  for (std::size_t column = 0; column < first_columns.size() + classes; ++column)
    line += fmt::format("{}{}", column ? "," : "", column_name(column));
  return line;
}

/// Takes the text up to the first `separator` off the front of `text`, and the separator itself.
std::string_view take_until(char separator, std::string_view& text) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

std::size_t columns_of(std::string_view line) { return static_cast<std::size_t>(std::ranges::count(line, ',')) + 1; }

/// The lines of a file whose name and place errors tell.
class Lines {
 public:
  Lines(std::string_view text, const std::string& source) : rest_(text), source_(source) {}

  bool ended() const { return rest_.empty(); }
  std::string_view next() {
    ++number_;
    if (rest_.find('\n') == std::string_view::npos) throw error({.problem = "ends too early"});
    return take_until('\n', rest_);
  }
  /// The error in the line that was read last, and there in a column.
  Error error(Problem problem, std::optional<std::size_t> column = {}) const {
    problem.file = source_;
    problem.field = fmt::format("line {}", number_);
    if (column) problem.field += fmt::format(", column {}", column_name(*column));
    problem.got = printable(problem.got, 60);
    return input_error(std::move(problem));
  }

 private:
  std::string_view rest_;
  const std::string& source_;
  std::size_t number_ = 0;
};

/// The cells of a line, one by one.
class Cells {
 public:
  Cells(Lines& lines, std::size_t columns) : lines_(lines), rest_(lines.next()) {
    if (columns_of(rest_) != columns)
      throw lines.error({.problem = "wrong number of columns",
                         .expected = std::to_string(columns),
                         .got = std::to_string(columns_of(rest_))});
  }

  std::uint64_t whole_number(std::uint64_t highest) {
    const std::string_view cell = next();
    const std::optional<std::uint64_t> number = parse_unsigned(cell);
    if (!number || *number > highest) throw wrong(cell, fmt::format("a whole number from 0 to {}", highest));
    return *number;
  }
  float probability() {
    const std::string_view cell = next();
    const std::optional<double> number = parse_number(cell);
    if (!number || *number < 0 || *number > 1) throw wrong(cell, "a number from 0 to 1");
    return static_cast<float>(*number);
  }

 private:
  std::string_view next() {
    ++column_;
    return take_until(',', rest_);
  }
  Error wrong(std::string_view cell, std::string expected) const {
    return lines_.error({.problem = "wrong value", .expected = std::move(expected), .got = std::string(cell)},
                        column_ - 1);
  }

  const Lines& lines_;
  std::string_view rest_;
  std::size_t column_ = 0;
};

std::size_t classes_of_header(Lines& lines) {
  const std::string_view line = lines.next();
  const std::size_t columns = columns_of(line);
  const std::size_t classes = columns - std::min(columns, first_columns.size());
  if (classes == 0 || classes > most_classes || line != header(classes))
    throw lines.error({.problem = "not the header of predictions",
                       .expected = "index,true,predicted,p0 and so on",
                       .got = std::string(line)});
  return classes;
}

void read_image(Lines& lines, Predictions& read) {
  const std::size_t image = read.size();
  Cells cells(lines, first_columns.size() + read.classes);
  if (const std::uint64_t index = cells.whole_number(std::numeric_limits<std::uint64_t>::max()); index != image)
    throw lines.error(
        {.problem = "images out of order", .expected = std::to_string(image), .got = std::to_string(index)}, 0);
  read.labels.push_back(static_cast<std::uint8_t>(cells.whole_number(read.classes - 1)));
  read.predicted.push_back(static_cast<std::uint8_t>(cells.whole_number(read.classes - 1)));
  for (std::size_t k = 0; k < read.classes; ++k) read.probabilities.push_back(cells.probability());
  const std::span<const float> of_image = read.of_image(image);
  const std::ptrdiff_t likely = std::ranges::max_element(of_image) - of_image.begin();
  if (read.predicted[image] != likely)
    throw lines.error({.problem = "not the most likely class",
                       .expected = std::to_string(likely),
                       .got = std::to_string(read.predicted[image])},
                      2);
}

}  // namespace

std::string predictions_csv(const Predictions& predictions) {
  std::string text = header(predictions.classes) + '\n';
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    fmt::format_to(std::back_inserter(text), "{},{},{}", image, predictions.labels[image],
                   predictions.predicted[image]);
    for (const float probability : predictions.of_image(image))
      fmt::format_to(std::back_inserter(text), ",{:.9g}", probability);
    text += '\n';
  }
  return text;
}

Predictions read_predictions_csv(std::string_view text, const std::string& source) {
  Lines lines(text, source);
  Predictions read{.classes = classes_of_header(lines)};
  while (!lines.ended()) read_image(lines, read);
  return read;
}

}  // namespace nib
