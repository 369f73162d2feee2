#include "engines/cpu/head.h"

#include "engines/cpu/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engines/cpu/head.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.h, as it is included once for each target.
#include "hwy/highway.h"
#include "nib/arithmetic/exp_log.h"

// Plain loops over a few classes, one sum each; compiled for each target so that a fused multiply-add is an instruction
// there, not a call of the C library.
HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

inline std::uint32_t first_greatest(const float* numbers, std::uint32_t count) {
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < count; ++i)
    if (numbers[i] > numbers[best]) best = i;
  return best;
}

/// powers[i] = e^(logits[i] - the greatest logit); returns whose that is.
HWY_FLATTEN std::uint32_t exponentials(const float* logits, std::uint32_t classes, float* powers) {
  const std::uint32_t top = first_greatest(logits, classes);
  for (std::uint32_t i = 0; i < classes; ++i) powers[i] = exp_float(logits[i] - logits[top]);
  return top;
}

/// Divides by the sum; returns the first class with the greatest probability.
std::uint32_t normalise(float* powers, std::uint32_t classes) {
  float sum = 0;
  for (std::uint32_t i = 0; i < classes; ++i) sum += powers[i];
  for (std::uint32_t i = 0; i < classes; ++i) powers[i] /= sum;
  return first_greatest(powers, classes);
}

std::uint32_t softmax(const float* logits, std::uint32_t classes, float* probabilities) {
  exponentials(logits, classes, probabilities);
  return normalise(probabilities, classes);
}

HWY_FLATTEN RowResult softmax_cross_entropy(const float* logits, std::uint32_t classes, std::uint32_t label,
                                            const SmoothedLabels<float>& smoothed, float* probabilities) {
  RowResult result;
  // ln(sum of e^(logit - greatest)) = ln(1 + the others' sum): without the 1, small losses keep all their digits.
  const std::uint32_t top = exponentials(logits, classes, probabilities);
  double others = 0;
  for (std::uint32_t i = 0; i < classes; ++i)
    if (i != top) others += static_cast<double>(probabilities[i]);
  result.loss = log1p_double(others) + (static_cast<double>(logits[top]) - static_cast<double>(logits[label]));
  if (smoothed.share > 0) {
    double sum = 0;
    for (std::uint32_t i = 0; i < classes; ++i) sum += static_cast<double>(logits[i]);
    result.loss = smoothed_loss(result.loss, smoothed.share, static_cast<double>(logits[label]), sum, classes);
  }
  result.predicted = normalise(probabilities, classes);
  result.correct = result.predicted == label;
  return result;
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "engines/cpu/dispatch.h"
namespace nib::cpu {

Head make_head(Instructions instructions) {
  return {.softmax = NIB_DISPATCH(instructions, softmax),
          .softmax_cross_entropy = NIB_DISPATCH(instructions, softmax_cross_entropy)};
}

void logits_gradient(const float* probabilities, std::uint32_t classes, std::uint32_t label,
                     const SmoothedLabels<float>& smoothed, std::uint32_t rows, float* gradient) {
  const float count = static_cast<float>(rows);
  for (std::uint32_t i = 0; i < classes; ++i)
    gradient[i] = (probabilities[i] - (i == label ? smoothed.label : smoothed.others)) / count;
}

}  // namespace nib::cpu
#endif
