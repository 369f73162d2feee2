#pragma once

#include <cstddef>

#include "images/preparation/field.h"

namespace nib {

/// Takes the lines of ruled or squared paper out of `ink`, where they are stronger than `faint`, and says how many
/// there were. A line is thin (at most a twenty-fifth of the image), runs from one side of the image to the other,
/// straight and within 3.4 degrees of level (or upright), and is seen in at least half of the columns (rows). Where a
/// stroke crosses it, so that the ink is clearly thicker than the line, the ink stays.
std::size_t remove_ruled_lines(Field& ink, float faint);

}  // namespace nib
