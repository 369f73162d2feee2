#pragma once

#include <cstdint>

#include "engines/cpu/instructions.h"
#include "nib/arithmetic/smoothed_labels.h"

namespace nib::cpu {

struct RowResult {
  double loss = 0;  ///< -ln(probability of the label), or with smoothed labels the sum over all classes
  std::uint32_t predicted = 0;
  bool correct = false;
};

/// What is made of a row's logits.
struct Head {
  /// Softmax over `classes` logits: probabilities, and the first class with the greatest one.
  std::uint32_t (*softmax)(const float* logits, std::uint32_t classes, float* probabilities);

  /// Softmax and cross-entropy with the label, from logits, without epsilon or clipping, as Keras computes it on
  /// TensorFlow.
  RowResult (*softmax_cross_entropy)(const float* logits, std::uint32_t classes, std::uint32_t label,
                                     const SmoothedLabels<float>& smoothed, float* probabilities);
};
Head make_head(Instructions instructions);

/// The mean loss's gradient for the logits: (p - target) / rows.
void logits_gradient(const float* probabilities, std::uint32_t classes, std::uint32_t label,
                     const SmoothedLabels<float>& smoothed, std::uint32_t rows, float* gradient);

}  // namespace nib::cpu
