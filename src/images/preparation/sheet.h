#pragma once

#include <optional>

#include "images/preparation/field.h"
#include "images/preparation/polygon.h"

namespace nib {

/// The ground that a digit is written on, where it does not fill the picture: a sheet on a desk, a slate, a whiteboard,
/// a drawing program's canvas, what a dark frame, a scanner's edges or letterbox bars leave.
struct Sheet {
  Polygon outline{};           ///< convex, in pixels of the field, with 3 to 6 corners
  bool cut_by_border = false;  ///< a side of it is the image's own
};

/// Finds the sheet in a picture, or nothing where the whole picture is the ground. It is a region that is lighter, or
/// darker, than what lies around it: of all thresholds of the light, the pieces that are convex but for holes, bounded
/// by few straight sides, with a step of light along nearly all of its border - and which hold something like a stroke
/// of their own, that is thin and ends inside. So neither a thick 0 nor a shadow's edge makes a sheet. Of sheets within
/// sheets the innermost is taken.
std::optional<Sheet> find_sheet(const Field& light);

}  // namespace nib
