#pragma once

#include <optional>

#include "images/decoding/decode.h"
#include "images/preparation/field.h"

namespace nib {

/// Light that is made of colours alone: the ground is of one grey, and dark is what differs from it most.
struct ColourContrast {
  Field light{};       ///< a pixel for each box of the colours, 0 to 255
  float strength = 0;  ///< how far ink is from the ground, in levels of Cb and Cr
};

/// Ink and ground of one grey may still be of different colour: finds the direction in the plane of Cb and Cr along
/// which colours differ most from a smooth ground (the principal axis of what is left without that), and draws the
/// picture along it. Nothing where colours hardly differ.
std::optional<ColourContrast> colour_contrast(const Colours& colours);

}  // namespace nib
