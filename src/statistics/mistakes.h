#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "statistics/predictions.h"

namespace nib {

/// Indices of wrongly predicted images, the most confident first (equals in file order), at most `most`.
std::vector<std::size_t> most_confident_mistakes(const Predictions& predictions, std::size_t most);

struct ConfusedPair {
  std::size_t label = 0, predicted = 0;
  std::uint64_t count = 0;
};
/// Pairs of different classes that were confused at least once, the most frequent first (equals in order of label and
/// predicted class), at most `most`.
std::vector<ConfusedPair> most_confused_pairs(std::span<const std::uint64_t> confusion, std::size_t classes,
                                              std::size_t most);

}  // namespace nib
