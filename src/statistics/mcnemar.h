#pragma once

#include <cstdint>

#include "statistics/predictions.h"

namespace nib {

/// McNemar's test of whether two classifiers that saw the same images differ in accuracy: only the images on which
/// exactly one of them is right count.
struct McNemar {
  std::uint64_t both_right = 0, only_first_right = 0, only_second_right = 0, both_wrong = 0;
  /// Two-sided p-value, exact: of the binomial distribution with p = 1/2 (McNemar 1947; Edwards 1948 for the
  /// alternatives). 1 when there is no such image.
  double p_value = 1;
};

/// Both must hold the same labels: throws std::invalid_argument otherwise (callers compare the sets before).
McNemar mcnemar(const Predictions& first, const Predictions& second);

}  // namespace nib
