#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/intervals.h"

namespace nib {

/// How well one class was found: counts from the confusion matrix, scores as scikit-learn defines them (0 where there
/// is nothing to divide by), and their 95 % Wilson intervals.
struct ClassScore {
  std::uint64_t correct = 0;    ///< true positives
  std::uint64_t predicted = 0;  ///< how many images were taken for the class
  std::uint64_t support = 0;    ///< how many images are of the class
  double precision() const { return predicted ? static_cast<double>(correct) / static_cast<double>(predicted) : 0; }
  double recall() const { return support ? static_cast<double>(correct) / static_cast<double>(support) : 0; }
  /// 2 correct / (predicted + support).
  double f1() const;
  Interval precision_interval() const { return wilson_interval(correct, predicted); }
  Interval recall_interval() const { return wilson_interval(correct, support); }
};

/// One score a class, from (true class, predicted class).
std::vector<ClassScore> class_scores(std::span<const std::uint64_t> confusion, std::size_t classes);

}  // namespace nib
