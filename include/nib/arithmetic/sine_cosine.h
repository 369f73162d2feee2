#pragma once

#include <cmath>
#include <cstdint>

#include "nib/arithmetic/philox.h"

namespace nib {

struct SineCosine {
  double sine, cosine;
};

/// Sine and cosine of an angle in degrees (at most a million), by basic arithmetic alone: the same bits on every
/// platform, which the libraries' functions do not promise. Each within 4e-16 of the true value, and exact at multiples
/// of 90 degrees.
///
/// The whole quarter turns are taken off in degrees, which is exact, and leave at most 45; in radians that is within
/// 1.8e-16, as pi / 180 and the product are rounded. There the Taylor polynomials of degree 15 and 16 leave out less
/// than the first term that they lack, (pi / 4)^17 / 17! = 5e-17 and (pi / 4)^18 / 18! = 3e-18 (Abramowitz, Stegun:
/// "Handbook of mathematical functions", 4.3.65 and 4.3.66); their own rounding is below 1.5e-16.
NIB_HOST_DEVICE inline SineCosine sine_cosine(double degrees) {
  const double quarters = std::floor(degrees / 90.0 + 0.5);
  const double angle = (degrees - 90.0 * quarters) * 0.017453292519943295, z = angle * angle;
  double sine = -1.0 / 1307674368000.0;
  sine = sine * z + 1.0 / 6227020800.0;
  sine = sine * z - 1.0 / 39916800.0;
  sine = sine * z + 1.0 / 362880.0;
  sine = sine * z - 1.0 / 5040.0;
  sine = sine * z + 1.0 / 120.0;
  sine = sine * z - 1.0 / 6.0;
  sine = angle + angle * (sine * z);
  double cosine = 1.0 / 20922789888000.0;
  cosine = cosine * z - 1.0 / 87178291200.0;
  cosine = cosine * z + 1.0 / 479001600.0;
  cosine = cosine * z - 1.0 / 3628800.0;
  cosine = cosine * z + 1.0 / 40320.0;
  cosine = cosine * z - 1.0 / 720.0;
  cosine = cosine * z + 1.0 / 24.0;
  cosine = cosine * z - 0.5;
  cosine = 1.0 + cosine * z;
  switch (static_cast<std::int64_t>(quarters) & 3) {
    case 0:
      return {sine, cosine};
    case 1:
      return {cosine, -sine};
    case 2:
      return {-sine, -cosine};
    default:
      return {-cosine, sine};
  }
}

}  // namespace nib
