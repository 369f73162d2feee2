#pragma once

#include <optional>

#include "images/preparation/field.h"

namespace nib {

/// The light without a shadow whose straight edge goes from border to border, through the digit as well: what is in the
/// shadow becomes as light as what is not. The edge is a line along most of which the light changes by one factor, of
/// 1.15 to 4, from one side to the other; strokes that cross it keep their own. Across the edge, which is soft, each
/// distance has the factor that is the median along it. nullopt where there is no such line.
std::optional<Field> without_shadow(const Field& light);

}  // namespace nib
