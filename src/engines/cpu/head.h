#pragma once

#include <cstdint>

namespace nib::cpu {

struct RowResult {
  double loss = 0;  ///< -ln(probability of the label)
  std::uint32_t predicted = 0;
  bool correct = false;
};

/// Softmax over `classes` logits: probabilities, and the first class with the greatest one.
std::uint32_t softmax(const float* logits, std::uint32_t classes, float* probabilities);

/// Softmax and cross-entropy with the label, from logits, without epsilon or clipping, as Keras computes it on
/// TensorFlow.
RowResult softmax_cross_entropy(const float* logits, std::uint32_t classes, std::uint32_t label, float* probabilities);

/// The mean loss's gradient for the logits: (p - one-hot) / rows.
void logits_gradient(const float* probabilities, std::uint32_t classes, std::uint32_t label, std::uint32_t rows,
                     float* gradient);

}  // namespace nib::cpu
