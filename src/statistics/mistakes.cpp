#include "statistics/mistakes.h"

#include <algorithm>

namespace nib {

std::vector<std::size_t> most_confident_mistakes(const Predictions& predictions, std::size_t most) {
  std::vector<std::size_t> mistakes;
  for (std::size_t image = 0; image < predictions.size(); ++image)
    if (predictions.predicted[image] != predictions.labels[image]) mistakes.push_back(image);
  std::ranges::stable_sort(mistakes, std::ranges::greater{},
                           [&](std::size_t image) { return predictions.confidence(image); });
  mistakes.resize(std::min(mistakes.size(), most));
  return mistakes;
}

std::vector<ConfusedPair> most_confused_pairs(std::span<const std::uint64_t> confusion, std::size_t classes,
                                              std::size_t most) {
  std::vector<ConfusedPair> pairs;
  for (std::size_t label = 0; label < classes; ++label)
    for (std::size_t predicted = 0; predicted < classes; ++predicted)
      if (const std::uint64_t count = confusion[label * classes + predicted]; count > 0 && label != predicted)
        pairs.push_back({.label = label, .predicted = predicted, .count = count});
  std::ranges::stable_sort(pairs, std::ranges::greater{}, &ConfusedPair::count);
  pairs.resize(std::min(pairs.size(), most));
  return pairs;
}

}  // namespace nib
