// One dimension of Winograd's minimal filtering for kernels of three numbers (Toom and Cook's polynomials, transposed):
// kPoints numbers of the input make kPoints - 2 of the output by kPoints products. With the points p, the polynomial
// M(x) = product of (x - p) and N(p) = M'(p), the line of a point has
//   in the kernel  (g0 + g1 p + g2 p^2) / N(p),
//   in the input   the coefficients of M(x) / (x - p),
//   in the output  p^i for number i;
// the line of infinity has g2, the coefficients of M(x), and 1 for the last number. Included once for each target.
#if defined(NIB_ENGINES_CPU_WINOGRAD_LINE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_WINOGRAD_LINE_INL_H_
#undef NIB_ENGINES_CPU_WINOGRAD_LINE_INL_H_
#else
#define NIB_ENGINES_CPU_WINOGRAD_LINE_INL_H_
#endif

#include "engines/cpu/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

template <int kPoints>
struct WinogradLine;

/// Points 0, 1, -1 and infinity. Each number of the output is made of the three numbers under its kernel alone.
template <>
struct WinogradLine<4> {
  static HWY_INLINE void kernel(const Vec (&g)[3], Vec (&to)[4]) {
    const Vec half = broadcast(0.5f), outer = add(g[0], g[2]);
    to[0] = g[0];
    to[1] = multiply(half, add(outer, g[1]));
    to[2] = multiply(half, subtract(outer, g[1]));
    to[3] = g[2];
  }
  static HWY_INLINE void input(const Vec (&d)[4], Vec (&to)[4]) {
    to[0] = subtract(d[0], d[2]);
    to[1] = add(d[1], d[2]);
    to[2] = subtract(d[2], d[1]);
    to[3] = subtract(d[1], d[3]);
  }
  static HWY_INLINE void output(const Vec (&m)[4], Vec (&to)[2]) {
    to[0] = add(add(m[0], m[1]), m[2]);
    to[1] = subtract(subtract(m[1], m[2]), m[3]);
  }
};

/// Points 0, +-5/8, +-3/2 and infinity, whose errors are half of those of the common 0, +-1, +-2. What lies beside the
/// three numbers under a kernel cancels but for rounding.
template <>
struct WinogradLine<6> {
  static constexpr float a = 0.625f, b = 1.5f, aa = a * a, bb = b * b;

  static HWY_INLINE void kernel(const Vec (&g)[3], Vec (&to)[6]) {
    const Vec even_a = multiply_add(broadcast(aa), g[2], g[0]), odd_a = multiply(broadcast(a), g[1]);
    const Vec even_b = multiply_add(broadcast(bb), g[2], g[0]), odd_b = multiply(broadcast(b), g[1]);
    const Vec of_a = broadcast(1.0f / (2 * aa * (aa - bb))), of_b = broadcast(1.0f / (2 * bb * (bb - aa)));
    to[0] = multiply(broadcast(1.0f / (aa * bb)), g[0]);
    to[1] = multiply(of_a, add(even_a, odd_a));
    to[2] = multiply(of_a, subtract(even_a, odd_a));
    to[3] = multiply(of_b, add(even_b, odd_b));
    to[4] = multiply(of_b, subtract(even_b, odd_b));
    to[5] = g[2];
  }
  static HWY_INLINE void input(const Vec (&d)[6], Vec (&to)[6]) {
    const Vec minus_aa = broadcast(-aa), minus_bb = broadcast(-bb), both = broadcast(-(aa + bb));
    const Vec even_a = multiply_add(minus_bb, d[2], d[4]), odd_a = multiply_add(minus_bb, d[1], d[3]);
    const Vec even_b = multiply_add(minus_aa, d[2], d[4]), odd_b = multiply_add(minus_aa, d[1], d[3]);
    to[0] = multiply_add(broadcast(aa * bb), d[0], multiply_add(both, d[2], d[4]));
    to[1] = multiply_add(broadcast(a), odd_a, even_a);
    to[2] = multiply_add(broadcast(-a), odd_a, even_a);
    to[3] = multiply_add(broadcast(b), odd_b, even_b);
    to[4] = multiply_add(broadcast(-b), odd_b, even_b);
    to[5] = multiply_add(broadcast(aa * bb), d[1], multiply_add(both, d[3], d[5]));
  }
  static HWY_INLINE void output(const Vec (&m)[6], Vec (&to)[4]) {
    const Vec even_a = add(m[1], m[2]), odd_a = subtract(m[1], m[2]);
    const Vec even_b = add(m[3], m[4]), odd_b = subtract(m[3], m[4]);
    to[0] = add(m[0], add(even_a, even_b));
    to[1] = multiply_add(broadcast(b), odd_b, multiply(broadcast(a), odd_a));
    to[2] = multiply_add(broadcast(bb), even_b, multiply(broadcast(aa), even_a));
    to[3] = multiply_add(broadcast(bb * b), odd_b, multiply_add(broadcast(aa * a), odd_a, m[5]));
  }
};

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
