#include "score/score.h"

#include <algorithm>

#include "statistics/temperature.h"

namespace nib {

bool Verdict::accepted() const { return !shown && probability >= least_sure; }

Verdict verdict_of(const Score& score, std::span<const float> probabilities, std::span<const std::uint8_t> input) {
  Verdict verdict;
  const std::vector<double> calibrated = at_temperature(probabilities, score.temperature);
  verdict.probability = *std::ranges::max_element(calibrated);
  if (!score.judge) return verdict;
  const auto kinds = score.judge->verdict(input);
  verdict.no_digit = none(kinds);
  if (*verdict.no_digit > score.most_none)
    verdict.shown = static_cast<Shown>(std::ranges::max_element(kinds.begin() + 1, kinds.end()) - kinds.begin());
  return verdict;
}

}  // namespace nib
