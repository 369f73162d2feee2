#pragma once

#include <vector>

#include "score/pen_lines.h"
#include "score/random.h"

namespace nib {

/// Lines of a pen that are no digit: each a function of the numbers alone, in coordinates of any size.

/// Two to five strokes between points of a grid of three by three, straight or bent.
std::vector<PenLine> scribble(Random& random);

/// One figure with details, a few that lie about, one that is drawn twice as in a mirror, or several in a row. Figures
/// are rings and arcs, polygons, outlines, stars, rays, spirals, waves, zigzags, arrows, branches, petals, grids.
std::vector<PenLine> sketch(Random& random);

/// Two to six parallel bars, some of them crossed.
std::vector<PenLine> bars(Random& random);

}  // namespace nib
