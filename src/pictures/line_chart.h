#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drawing/drawing.h"

namespace nib {

enum class Marker : std::uint8_t { circle, square };

/// A line over epochs 1, 2, ...; values that are not finite, or beyond 1e100, leave a gap.
struct Series {
  std::string name;
  std::vector<double> values{};
  Role colour = Role::first;
  Marker marker = Marker::circle;
  bool dashed = false;
};

/// Lines over the epochs of a run: title and legend above, grid, ticks on whole epochs.
struct LineChart {
  std::string name;   ///< prefix of the elements' ids
  std::string title;  ///< what the vertical axis shows
  Rectangle area{};   ///< of everything, texts included
  std::vector<Series> series{};
  double lowest = 0, highest = 0;               ///< what the values cannot leave, so that the axis does not either
  std::optional<std::uint32_t> marked_epoch{};  ///< a line through it, and `marked_as` beside it
  std::string marked_as{};
  bool legend = true;  ///< above the chart, below its title
};

void add_line_chart(Drawing& drawing, const LineChart& chart);

/// Short pieces of the lines with their names, from the corner of `area` on and in as many rows as its width asks for;
/// names wider than a row are made smaller. The result is the height of the rows.
double add_legend(Drawing& drawing, const std::vector<Series>& series, const Rectangle& area);

}  // namespace nib
