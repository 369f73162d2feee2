#pragma once

#include <cmath>
#include <cstdint>

#include "nib/arithmetic/philox.h"

namespace nib {

/// Adam's step size as Keras has it (keras/src/optimizers/adam.py): learning_rate * sqrt(1 - beta2^t) / (1 - beta1^t),
/// t from 1. The betas pass through float32 before the power, as Keras's do even in float64; everything else is double.
/// An engine rounds the result once to its own type.
inline double adam_step_size(double learning_rate, double beta1, double beta2, std::uint64_t step) {
  const double rounded1 = static_cast<double>(static_cast<float>(beta1));
  const double rounded2 = static_cast<double>(static_cast<float>(beta2));
  const double t = static_cast<double>(step);
  return learning_rate * std::sqrt(1.0 - std::pow(rounded2, t)) / (1.0 - std::pow(rounded1, t));
}

/// The factors that one step applies to every element: 1 - beta is taken in double and rounded once.
template <typename Real>
struct AdamStep {
  Real step_size;  ///< adam_step_size(), rounded
  Real one_minus_beta1;
  Real one_minus_beta2;
  Real epsilon;  ///< added to the uncorrected square root
};

/// Updates one parameter and its moments: m += (g - m)(1 - b1); v += (g g - v)(1 - b2); w -= a m / (sqrt(v) + eps).
/// The fused multiply-adds are part of the definition: every float engine computes exactly this.
template <typename Real>
NIB_HOST_DEVICE inline void adam_element(Real gradient, Real& value, Real& first, Real& second,
                                         const AdamStep<Real>& step) {
  using std::fma;
  using std::sqrt;
  first = fma(gradient - first, step.one_minus_beta1, first);
  second = fma(fma(gradient, gradient, -second), step.one_minus_beta2, second);
  value = value - (first * step.step_size) / (sqrt(second) + step.epsilon);
}

}  // namespace nib
