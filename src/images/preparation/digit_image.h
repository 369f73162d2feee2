#pragma once

#include <cstddef>

#include "images/preparation/field.h"
#include "images/preparation/mask.h"
#include "images/preparation/placement.h"

namespace nib {

/// The ink of one digit alone, 1 in the core: of `ink` (ink_strength()) what lies on `digit` or on a pixel beside it,
/// for the soft edge, divided by `core` and held to 0..1. `box` is the digit's within the mask.
Field ink_of_digit(const Field& ink, const Mask& digit, const Box& box, float core);

/// The last steps of the preparation: the digit, alone on nothing, is drawn anew with a usual pen (pen.h), fitted and
/// centred (placement.h) in an image of `rows` x `columns`. `alone` is 0 to 1, `box` the digit's box within it, and
/// `edge` the strength, 0 to 1, from which on a pixel counts as ink.
NetworkImage digit_image(const Field& alone, const Box& box, float edge, std::size_t rows, std::size_t columns);

}  // namespace nib
