#include "engines/cpu/head.h"

#include <cmath>

#include "nib/arithmetic/exp_log.h"

namespace nib::cpu {
namespace {

std::uint32_t first_greatest(const float* numbers, std::uint32_t count) {
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < count; ++i)
    if (numbers[i] > numbers[best]) best = i;
  return best;
}

}  // namespace

std::uint32_t softmax(const float* logits, std::uint32_t classes, float* probabilities) {
  const float greatest = logits[first_greatest(logits, classes)];
  float sum = 0;
  for (std::uint32_t i = 0; i < classes; ++i) {
    probabilities[i] = exp_float(logits[i] - greatest);
    sum += probabilities[i];
  }
  for (std::uint32_t i = 0; i < classes; ++i) probabilities[i] /= sum;
  return first_greatest(probabilities, classes);
}

RowResult softmax_cross_entropy(const float* logits, std::uint32_t classes, std::uint32_t label,
                                const SmoothedLabels<float>& smoothed, float* probabilities) {
  RowResult result;
  result.predicted = softmax(logits, classes, probabilities);
  result.correct = result.predicted == label;
  // ln(sum of e^(logit - greatest)) = ln(1 + the others' sum): without the 1, small losses keep all their digits.
  const std::uint32_t top = first_greatest(logits, classes);
  double others = 0;
  for (std::uint32_t i = 0; i < classes; ++i)
    if (i != top) others += static_cast<double>(exp_float(logits[i] - logits[top]));
  result.loss = log1p_double(others) + (static_cast<double>(logits[top]) - static_cast<double>(logits[label]));
  if (smoothed.share > 0) {
    double sum = 0;
    for (std::uint32_t i = 0; i < classes; ++i) sum += static_cast<double>(logits[i]);
    result.loss = smoothed_loss(result.loss, smoothed.share, static_cast<double>(logits[label]), sum, classes);
  }
  return result;
}

void logits_gradient(const float* probabilities, std::uint32_t classes, std::uint32_t label,
                     const SmoothedLabels<float>& smoothed, std::uint32_t rows, float* gradient) {
  const float count = static_cast<float>(rows);
  for (std::uint32_t i = 0; i < classes; ++i)
    gradient[i] = (probabilities[i] - (i == label ? smoothed.label : smoothed.others)) / count;
}

}  // namespace nib::cpu
