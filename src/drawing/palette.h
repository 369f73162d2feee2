#pragma once

#include <cstdint>
#include <span>

#include "drawing/drawing.h"

namespace nib {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

/// The colour of a role on white paper. The series differ in lightness as well as in hue, so that they stay apart in
/// print and for colour-blind eyes. Role::none has none and must not be asked for.
Colour colour_of(Role role);

/// "ink", "grid" and so on.
const char* name_of(Role role);

/// The typeface of all pictures. Arial and Helvetica have the same widths, so that texts fit where it is missing.
inline constexpr const char* typeface = "Liberation Sans";

/// The lengths of a broken stroke's pieces and gaps in turn, in units; empty for one that is not broken.
std::span<const double> lengths_of(Dash dash);

}  // namespace nib
