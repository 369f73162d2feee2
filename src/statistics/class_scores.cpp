#include "statistics/class_scores.h"

namespace nib {

double ClassScore::f1() const {
  const std::uint64_t whole = predicted + support;
  return whole ? static_cast<double>(2 * correct) / static_cast<double>(whole) : 0;
}

std::vector<ClassScore> class_scores(std::span<const std::uint64_t> confusion, std::size_t classes) {
  std::vector<ClassScore> scores(classes);
  for (std::size_t label = 0; label < classes; ++label) {
    scores[label].correct = confusion[label * classes + label];
    for (std::size_t predicted = 0; predicted < classes; ++predicted) {
      scores[label].support += confusion[label * classes + predicted];
      scores[predicted].predicted += confusion[label * classes + predicted];
    }
  }
  return scores;
}

}  // namespace nib
