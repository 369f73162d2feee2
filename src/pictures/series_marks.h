#pragma once

#include <string>
#include <vector>

#include "pictures/line_chart.h"

namespace nib {

/// The series' marker around a point, `size` from its middle to its edge, with a hint unless that is empty.
void add_marker(Drawing& drawing, const Series& series, Point at, double size, std::string hint);

/// The last value of a series, at the right of its last point.
struct EndLabel {
  const Series* series;
  Point point;
  std::string text;
};

/// Writes the labels at `x`, each at the height of its point, or as near to that as their height allows between `top`
/// and `bottom`: then a thin line in the series' colour leads there.
void add_end_labels(Drawing& drawing, std::vector<EndLabel> labels, double x, double top, double bottom);

}  // namespace nib
