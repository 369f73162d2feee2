#pragma once

#include <cstdint>
#include <optional>

#include "images/preparation/field.h"
#include "images/preparation/surface.h"

namespace nib {

/// How a stroke stands out; by colour: where it does not in grey, see colour_contrast().
enum class Polarity : std::uint8_t { dark_on_light, light_on_dark, by_colour };

/// "dark on light", "light on dark", "by colour".
const char* polarity_name(Polarity polarity);

/// Which way the stroke stands out from its background. The background is the smooth surface that above all the
/// border follows (surface.h); the stroke is where the light departs from it most: the sign of the sum
/// of cubed differences.
Polarity find_polarity(const Field& light);
/// `ground` becomes the picture's, where that was found on the way: that of a large picture is not.
Polarity find_polarity(const Field& light, std::optional<CoarseGround>& ground);

}  // namespace nib
