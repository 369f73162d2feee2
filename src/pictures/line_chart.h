#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "pictures/value_scale.h"

namespace nib {

/// The shapes that stand for a figure; the hollow ones have the colour as their outline only.
enum class Marker : std::uint8_t { circle, square, triangle, diamond };

/// A line over epochs 1, 2, ...; values that are not finite, or beyond 1e100, leave a gap.
struct Series {
  std::string name;
  std::vector<double> values{};
  Role colour = Role::first;
  Marker marker = Marker::circle;
  bool hollow = false;
  Dash dash = Dash::none;
  bool faint = false;  ///< thin and pale, without markers
};

/// Lines over the epochs of a run: title and legend above, grid, ticks on whole epochs, the last value of each line at
/// the right. The vertical axis is that of ValueScale.
struct LineChart {
  std::string name;   ///< prefix of the elements' ids
  std::string title;  ///< what the vertical axis shows
  Figure figure = Figure::loss;
  Rectangle area{};  ///< of everything, texts included
  std::vector<Series> series{};
  /// A faint line behind the others in the colour of the first one, x in epochs from 0. It has no say in how high the
  /// axis is: where it is beyond that, it is left out.
  std::vector<Point> behind{};
  std::string behind_as{};                      ///< in the legend
  std::optional<std::uint32_t> marked_epoch{};  ///< a mark over it, above the plot, and `marked_as` beside it
  std::string marked_as{};
  bool legend = true;  ///< above the chart, below its title
};

void add_line_chart(Drawing& drawing, const LineChart& chart);

/// Short pieces of the lines with their names, from the corner of `area` on and in as many rows as its width asks for;
/// names wider than a row are made smaller. The result is the height of the rows.
double add_legend(Drawing& drawing, const std::vector<Series>& series, const Rectangle& area);

}  // namespace nib
