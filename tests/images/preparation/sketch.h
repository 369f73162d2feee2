#pragma once

#include <cstddef>
#include <cstdint>

#include "images/decoding/decode.h"
#include "images/preparation/field.h"
#include "images/preparation/mask.h"

namespace nib {

/// A picture of one grey.
GreyImage blank(std::size_t rows, std::size_t columns, std::uint8_t light);

/// Fills a part of a picture, mask or field.
void fill(GreyImage& picture, const Box& box, std::uint8_t light);
void fill(Mask& mask, const Box& box);
void fill(Field& field, const Box& box, float value);

Mask empty_mask(std::size_t rows, std::size_t columns);

/// Adds noise of a few levels to all pixels, always the same.
void add_noise(GreyImage& picture, int levels);

/// Takes away light from left to right, down to `last` of it.
void darken_to_the_right(GreyImage& picture, double last);

}  // namespace nib
