#pragma once

#include <vector>

#include "score/pen_lines.h"
#include "score/random.h"

namespace nib {

/// A figure around the origin that reaches to about 1 on every side. One that stands alone is none that a digit may
/// look like: no single ring, line or hook.
std::vector<PenLine> figure(Random& random, bool alone);

/// Turned, made wide, moved, and each point of its lines led astray.
struct Pose {
  PenPoint at{};
  float size = 1, wide = 1, angle = 0, astray = 0;
};
void put(std::vector<PenLine>& lines, const Pose& pose, Random& random);

}  // namespace nib
