#include "terminal/classification.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "statistics/class_scores.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

/// Sums in NumPy's order, so that a mean that lies on the edge between two roundings falls to the same side as
/// scikit-learn's: eight running sums over blocks of at most 128 numbers, halves of what is longer.
double numpy_sum(std::span<const double> numbers) {
  const std::size_t count = numbers.size();
  if (count < 8) return std::accumulate(numbers.begin(), numbers.end(), 0.0);
  if (count > 128) {
    const std::size_t half = count / 2 - count / 2 % 8;
    return numpy_sum(numbers.first(half)) + numpy_sum(numbers.subspan(half));
  }
  double sum[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (std::size_t lane = 0; lane < 8; ++lane) sum[lane] += numbers[i + lane];
  const double whole = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
  return std::accumulate(numbers.begin() + static_cast<std::ptrdiff_t>(i), numbers.end(), whole);
}

using Measure = double (ClassScore::*)() const;

/// The mean of a measure over the classes, each weighted by its images or all alike.
double mean(const std::vector<ClassScore>& scores, Measure measure, bool weighted) {
  std::vector<double> values;
  std::uint64_t total = 0;
  for (const ClassScore& score : scores) {
    total += score.support;
    values.push_back((score.*measure)() * (weighted ? static_cast<double>(score.support) : 1));
  }
  const double weights = weighted ? static_cast<double>(total) : static_cast<double>(scores.size());
  return weights > 0 ? numpy_sum(values) / weights : 0;
}

}  // namespace

std::string classification_report(std::span<const std::uint64_t> confusion, const std::vector<std::string>& class_names,
                                  unsigned digits) {
  std::vector<std::string> names;
  std::size_t width = std::max(std::string_view("weighted avg").size(), std::size_t{digits});
  for (const std::string& name : class_names) {
    names.push_back(printable(name));
    width = std::max(width, text_width(names.back()));
  }
  const std::vector<ClassScore> scores = class_scores(confusion, names.size());
  std::uint64_t correct = 0, total = 0;
  for (const ClassScore& score : scores) {
    correct += score.correct;
    total += score.support;
  }
  // Where no prediction is right, scikit-learn counts in floating point and prints its supports so.
  const char* const decimals = correct == 0 && total > 0 ? ".0" : "";
  const auto count = [&](std::uint64_t support) { return std::to_string(support) + decimals; };
  const auto row = [&](const std::string& name, double precision, double recall, double f1, std::uint64_t support) {
    return fmt::format("{}  {:>9.{}f} {:>9.{}f} {:>9.{}f} {:>9}\n", align_right(name, width), precision, digits, recall,
                       digits, f1, digits, count(support));
  };
  const auto average = [&](const char* name, bool weighted) {
    return row(name, mean(scores, &ClassScore::precision, weighted), mean(scores, &ClassScore::recall, weighted),
               mean(scores, &ClassScore::f1, weighted), total);
  };
  std::string text = fmt::format("{}  {:>9} {:>9} {:>9} {:>9}\n\n", std::string(width, ' '), "precision", "recall",
                                 "f1-score", "support");
  for (std::size_t k = 0; k < names.size(); ++k)
    text += row(names[k], scores[k].precision(), scores[k].recall(), scores[k].f1(), scores[k].support);
  const double accuracy = total ? static_cast<double>(correct) / static_cast<double>(total) : 0;
  text += fmt::format("\n{}  {:>9} {:>9} {:>9.{}f} {:>9}\n", align_right("accuracy", width), "", "", accuracy, digits,
                      count(total));
  return text + average("macro avg", false) + average("weighted avg", true);
}

}  // namespace nib
