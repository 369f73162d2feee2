#include "statistics/predictions_csv.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "base/csv.h"
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

/// The cells of a line of predictions.
class Cells {
 public:
  Cells(CsvLines& lines, std::size_t columns) : Cells(lines, lines.next(), columns) {}

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
  Cells(const CsvLines& lines, std::string_view line, std::size_t columns) : lines_(lines), cells_(line) {
    if (const std::size_t found = csv_columns(line); found != columns)
      throw lines.error(
          {.problem = "wrong number of columns", .expected = std::to_string(columns), .got = std::to_string(found)});
  }
  std::string_view next() {
    ++column_;
    return cells_.next();
  }
  Error wrong(std::string_view cell, std::string expected) const {
    return lines_.error({.problem = "wrong value", .expected = std::move(expected), .got = std::string(cell)},
                        column_name(column_ - 1));
  }

  const CsvLines& lines_;
  CsvCells cells_;
  std::size_t column_ = 0;
};

std::size_t classes_of_header(CsvLines& lines) {
  const std::string_view line = lines.next();
  const std::size_t columns = csv_columns(line);
  const std::size_t classes = columns - std::min(columns, first_columns.size());
  if (classes == 0 || classes > most_classes || line != header(classes))
    throw lines.error({.problem = "not the header of predictions",
                       .expected = "index,true,predicted,p0 and so on",
                       .got = std::string(line)});
  return classes;
}

void read_image(CsvLines& lines, Predictions& read) {
  const std::size_t image = read.size();
  Cells cells(lines, first_columns.size() + read.classes);
  if (const std::uint64_t index = cells.whole_number(std::numeric_limits<std::uint64_t>::max()); index != image)
    throw lines.error(
        {.problem = "images out of order", .expected = std::to_string(image), .got = std::to_string(index)},
        column_name(0));
  read.labels.push_back(static_cast<std::uint8_t>(cells.whole_number(read.classes - 1)));
  read.predicted.push_back(static_cast<std::uint8_t>(cells.whole_number(read.classes - 1)));
  for (std::size_t k = 0; k < read.classes; ++k) read.probabilities.push_back(cells.probability());
  const std::span<const float> of_image = read.of_image(image);
  const std::ptrdiff_t likely = std::ranges::max_element(of_image) - of_image.begin();
  if (read.predicted[image] != likely)
    throw lines.error({.problem = "not the most likely class",
                       .expected = std::to_string(likely),
                       .got = std::to_string(read.predicted[image])},
                      column_name(2));
}

}  // namespace

std::string predictions_csv(const Predictions& predictions) {
  std::string text = header(predictions.classes) + '\n';
  for (std::size_t image = 0; image < predictions.size(); ++image) {
    text += fmt::format("{},{},{}", image, predictions.labels[image], predictions.predicted[image]);
    for (const float probability : predictions.of_image(image)) text += fmt::format(",{:.9g}", probability);
    text += '\n';
  }
  return text;
}

Predictions read_predictions_csv(std::string_view text, const std::string& source) {
  CsvLines lines(text, source);
  Predictions read{.classes = classes_of_header(lines)};
  while (!lines.ended()) read_image(lines, read);
  return read;
}

}  // namespace nib
