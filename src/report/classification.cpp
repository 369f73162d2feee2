#include "report/classification.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "report/text_layout.h"

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

/// scikit-learn's zero_division: a ratio without a denominator is 0.
double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

/// Precision, recall and F1 score, one number a class.
struct ClassScores {
  std::vector<double> measure[3];
  std::vector<std::uint64_t> support;
  std::uint64_t correct = 0, total = 0;
};

ClassScores class_scores(std::span<const std::uint64_t> confusion, std::size_t classes) {
  ClassScores scores;
  for (std::size_t k = 0; k < classes; ++k) {
    const std::uint64_t correct = confusion[k * classes + k];
    std::uint64_t support = 0, predicted = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      support += confusion[k * classes + other];
      predicted += confusion[other * classes + k];
    }
    scores.measure[0].push_back(ratio(correct, predicted));
    scores.measure[1].push_back(ratio(correct, support));
    scores.measure[2].push_back(ratio(2 * correct, support + predicted));
    scores.support.push_back(support);
    scores.correct += correct;
    scores.total += support;
  }
  return scores;
}

/// The mean of a measure over the classes, each weighted by its images or all alike.
double mean(const std::vector<double>& values, const ClassScores& scores, bool weighted) {
  if (!weighted) return numpy_sum(values) / static_cast<double>(values.size());
  if (scores.total == 0) return 0;
  std::vector<double> products;
  for (std::size_t k = 0; k < values.size(); ++k)
    products.push_back(values[k] * static_cast<double>(scores.support[k]));
  return numpy_sum(products) / static_cast<double>(scores.total);
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
  const ClassScores scores = class_scores(confusion, names.size());
  const auto row = [&](const std::string& name, double precision, double recall, double f1, std::uint64_t support) {
    return fmt::format("{}  {:>9.{}f} {:>9.{}f} {:>9.{}f} {:>9}\n", align_right(name, width), precision, digits, recall,
                       digits, f1, digits, support);
  };
  const auto average = [&](const char* name, bool weighted) {
    return row(name, mean(scores.measure[0], scores, weighted), mean(scores.measure[1], scores, weighted),
               mean(scores.measure[2], scores, weighted), scores.total);
  };
  std::string text = fmt::format("{}  {:>9} {:>9} {:>9} {:>9}\n\n", std::string(width, ' '), "precision", "recall",
                                 "f1-score", "support");
  for (std::size_t k = 0; k < names.size(); ++k)
    text += row(names[k], scores.measure[0][k], scores.measure[1][k], scores.measure[2][k], scores.support[k]);
  text += fmt::format("\n{}  {:>9} {:>9} {:>9.{}f} {:>9}\n", align_right("accuracy", width), "", "",
                      ratio(scores.correct, scores.total), digits, scores.total);
  return text + average("macro avg", false) + average("weighted avg", true);
}

}  // namespace nib
