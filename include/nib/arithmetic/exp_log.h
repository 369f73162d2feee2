#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "nib/arithmetic/philox.h"

namespace nib {

/// e^x in float32, by basic arithmetic and fused multiply-adds alone: the same bits on every platform, which the
/// libraries' functions do not promise. Within 1 ulp where the result is normal; smaller results are 0, overflow is
/// infinity, NaN stays NaN. x = n ln 2 + r with |r| <= ln 2 / 2 and ln 2 in two parts (Cody and Waite), then the Taylor
/// polynomial of degree 7 in r, whose remainder is below 6e-9.
NIB_HOST_DEVICE inline float exp_float(float x) {
  using std::fma;
  if (!(x < 88.722839f)) return x == x ? HUGE_VALF : x;
  if (x < -87.336544f) return 0.0f;
  const float n = std::floor(fma(x, 1.44269504f, 0.5f));
  const float r = fma(n, -1.42860677e-6f, fma(n, -0.693145752f, x));
  float p = 1.98412698e-4f;
  p = fma(p, r, 1.38888889e-3f);
  p = fma(p, r, 8.33333333e-3f);
  p = fma(p, r, 4.16666667e-2f);
  p = fma(p, r, 1.66666667e-1f);
  p = fma(p, r, 0.5f);
  p = fma(p, r, 1.0f);
  p = fma(p, r, 1.0f);
  // 2^n in two factors, as n may be 128.
  const std::int32_t whole = static_cast<std::int32_t>(n), half = whole / 2;
  const std::int32_t bits[2] = {(half + 127) << 23, (whole - half + 127) << 23};
  float factors[2];
  std::memcpy(factors, bits, sizeof(factors));
  return p * factors[0] * factors[1];
}

/// 2 artanh(z) for |z| <= 0.18, to a few units in the last place: the odd series up to z^21.
NIB_HOST_DEVICE inline double twice_artanh(double z) {
  using std::fma;
  const double square = z * z;
  double sum = 1.0 / 21;
  for (int odd = 19; odd >= 1; odd -= 2) sum = fma(sum, square, 1.0 / odd);
  return 2.0 * z * sum;
}

/// ln(1 + x) in double for x >= 0, by basic arithmetic alone; NaN stays NaN, infinity infinity. Exact in the small: x
/// near 0 loses nothing.
NIB_HOST_DEVICE inline double log1p_double(double x) {
  if (!(x <= 1e300)) return x;
  if (x < 0.4) return twice_artanh(x / (2.0 + x));
  // 1 + x = 2^n m with m in [0.7, 1.4).
  const double y = 1.0 + x;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &y, sizeof(bits));
  int n = static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0xFFFFFFFFFFFFFull) | (std::uint64_t{1023} << 52);
  double m = 0;
  std::memcpy(&m, &bits, sizeof(m));
  if (m >= 1.4) {
    m *= 0.5;
    ++n;
  }
  return n * 0.693147180559945309 + twice_artanh((m - 1.0) / (m + 1.0));
}

}  // namespace nib
