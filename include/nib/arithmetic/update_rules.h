#pragma once

#include <cmath>

#include "nib/arithmetic/philox.h"
#include "nib/optimizer.h"

/// The element rules for float and double, on host and device.
namespace nib::rules {

#define NIB_RULE NIB_HOST_DEVICE inline

template <typename Real>
NIB_RULE Real add(Real a, Real b) {
  return a + b;
}
template <typename Real>
NIB_RULE Real subtract(Real a, Real b) {
  return a - b;
}
template <typename Real>
NIB_RULE Real multiply(Real a, Real b) {
  return a * b;
}
template <typename Real>
NIB_RULE Real divide(Real a, Real b) {
  return a / b;
}
/// The second where they are equal or one is NaN.
template <typename Real>
NIB_RULE Real larger(Real a, Real b) {
  return a > b ? a : b;
}
template <typename Real>
NIB_RULE Real square_root(Real a) {
  using std::sqrt;
  return sqrt(a);
}
template <typename Real>
NIB_RULE Real multiply_add(Real a, Real b, Real c) {
  using std::fma;
  return fma(a, b, c);
}
template <typename Real>
NIB_RULE Real multiply_subtract(Real a, Real b, Real c) {
  using std::fma;
  return fma(a, b, -c);
}

#include "nib/arithmetic/update_rules.inc"

/// What gradients whose Euclidean norm is `norm` are multiplied by so that it is no longer than `clip_norm`, as Keras
/// reckons (clip_by_global_norm in keras/src/optimizers/base_optimizer.py).
NIB_RULE double clip_scale(double clip_norm, double norm) {
  return clip_norm * (norm > clip_norm ? 1.0 / norm : 1.0 / clip_norm);
}

#undef NIB_RULE

}  // namespace nib::rules
