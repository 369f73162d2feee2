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

#undef NIB_RULE

}  // namespace nib::rules
