#include "pictures/line_chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "drawing/text_fit.h"
#include "pictures/axis.h"

namespace nib {
namespace {

constexpr double title_size = 14, label_size = 12, legend_size = 12;
constexpr double left_margin = 52, right_margin = 14, bottom_margin = 46;
constexpr double title_height = 32, legend_height = 22;
constexpr std::size_t most_markers = 40;  ///< on one line: more of them hide it

/// Beyond it the difference of two figures may overflow. No float has such a logarithm: losses are far below.
constexpr double largest_figure = 1e100;
bool can_be_drawn(double value) { return std::abs(value) <= largest_figure; }  // NaN cannot

std::uint32_t epoch_count(const LineChart& chart) {
  std::size_t epochs = 1;
  for (const Series& series : chart.series) epochs = std::max(epochs, series.values.size());
  return static_cast<std::uint32_t>(epochs);
}

/// Where the curves go: left, right, top and bottom of the frame.
struct Frame {
  Axis epoch, value;
};

Axis value_axis(const LineChart& chart, double bottom, double top) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Series& series : chart.series)
    for (const double value : series.values)
      if (can_be_drawn(value)) low = std::min(low, value), high = std::max(high, value);
  if (low > high) low = 0, high = 1;
  const double air = std::max({0.06 * (high - low), 1e-3, 1e-6 * std::max(std::abs(low), std::abs(high))});
  low = std::max(chart.lowest, low - air);
  high = std::min(chart.highest, high + air);
  if (low >= high) low = 0, high = 1;  // all figures are beyond what they cannot leave
  return {.low = low, .high = high, .begin = bottom, .end = top};
}

Frame frame_of(const LineChart& chart) {
  const Rectangle& area = chart.area;
  const double left = area.x + left_margin, right = area.x + area.width - right_margin;
  const double top = area.y + title_height + (chart.legend ? legend_height : 0),
               bottom = area.y + area.height - bottom_margin;
  const double epochs = epoch_count(chart), air = epochs == 1 ? 0.5 : 0.03 * (epochs - 1);
  return {.epoch = {.low = 1 - air, .high = epochs + air, .begin = left, .end = right},
          .value = value_axis(chart, bottom, top)};
}

void add_line(Drawing& drawing, Point from, Point to, Role colour, double width = 1, bool dashed = false) {
  drawing.add(Path{.points = {from, to}, .style = {.stroke = colour, .stroke_width = width, .dashed = dashed}});
}

void add_axes(Drawing& drawing, const LineChart& chart, const Frame& frame) {
  const Axis& x = frame.epoch;
  const Axis& y = frame.value;
  const std::vector<double> levels = ticks(y.low, y.high, 5);
  const std::vector<std::string> labels = tick_labels(levels);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    add_line(drawing, {x.begin, y(levels[i])}, {x.end, y(levels[i])}, Role::grid);
    drawing.add(Text{.at = {x.begin - 8, y(levels[i]) + 4},
                     .text = labels[i],
                     .size = fitting_size(labels[i], left_margin - 10, label_size),
                     .fill = Role::muted,
                     .anchor = Anchor::end});
  }
  for (const std::uint32_t epoch : whole_ticks(1, epoch_count(chart), 10)) {
    add_line(drawing, {x(epoch), y.begin}, {x(epoch), y.end}, Role::grid);
    drawing.add(Text{.at = {x(epoch), y.begin + 18},
                     .text = std::to_string(epoch),
                     .size = label_size,
                     .fill = Role::muted,
                     .anchor = Anchor::middle});
  }
  add_line(drawing, {x.begin, y.begin}, {x.end, y.begin}, Role::muted);
  drawing.add(
      Text{.at = {(x.begin + x.end) / 2, y.begin + 37}, .text = "Epoch", .size = label_size, .anchor = Anchor::middle});
}

std::string figure_text(double value) {
  return std::abs(value) < 1e6 ? fmt::format("{:.4f}", value) : fmt::format("{:.5g}", value);
}

void add_marker(Drawing& drawing, const Series& series, Point at, double size, std::string hint) {
  const Style style{.fill = series.colour, .stroke = Role::paper, .stroke_width = 1.2};
  Element& element = series.marker == Marker::circle ? drawing.add(Circle{.centre = at, .radius = size, .style = style})
                                                     : drawing.add(Rectangle{.x = at.x - 0.9 * size,
                                                                             .y = at.y - 0.9 * size,
                                                                             .width = 1.8 * size,
                                                                             .height = 1.8 * size,
                                                                             .style = style});
  element.hint = std::move(hint);
}

/// Runs of finite values, each a line of its own.
std::vector<std::vector<Point>> lines_of(const Series& series, const Frame& frame) {
  std::vector<std::vector<Point>> lines(1);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const bool drawn = can_be_drawn(series.values[i]);
    if (drawn) lines.back().push_back({frame.epoch(static_cast<double>(i + 1)), frame.value(series.values[i])});
    if (!drawn && !lines.back().empty()) lines.emplace_back();
  }
  return lines;
}

void add_series(Drawing& drawing, const Series& series, const std::string& id, const Frame& frame) {
  for (const std::vector<Point>& points : lines_of(series, frame))
    if (points.size() > 1)
      drawing
          .add(Path{.points = points, .style = {.stroke = series.colour, .stroke_width = 2, .dashed = series.dashed}})
          .id = id;
  if (series.values.size() > most_markers) return;
  for (std::size_t i = 0; i < series.values.size(); ++i)
    if (const double value = series.values[i]; can_be_drawn(value))
      add_marker(drawing, series, {frame.epoch(static_cast<double>(i + 1)), frame.value(value)}, 4,
                 fmt::format("{}, epoch {}: {}", series.name, i + 1, figure_text(value)));
}

void add_marked_epoch(Drawing& drawing, const LineChart& chart, const Frame& frame) {
  const double x = frame.epoch(*chart.marked_epoch), top = frame.value.end, bottom = frame.value.begin;
  add_line(drawing, {x, bottom}, {x, top}, Role::muted, 1.2, true);
  const bool at_the_left = x < (frame.epoch.begin + frame.epoch.end) / 2;
  const double width = estimated_width(chart.marked_as, label_size) + 8;
  // In the middle of its height, where curves that rise or fall fast leave room.
  const double y = (top + bottom) / 2;
  drawing.add(Rectangle{.x = at_the_left ? x + 3 : x - 3 - width,
                        .y = y - 13,
                        .width = width,
                        .height = 18,
                        .style = {.fill = Role::paper, .opacity = 0.85}});
  drawing
      .add(Text{.at = {at_the_left ? x + 7 : x - 7, y},
                .text = chart.marked_as,
                .size = label_size,
                .fill = Role::muted,
                .anchor = at_the_left ? Anchor::start : Anchor::end})
      .id = chart.name + "-best";
}

}  // namespace

void add_line_chart(Drawing& drawing, const LineChart& chart) {
  const Frame frame = frame_of(chart);
  add_axes(drawing, chart, frame);
  drawing.add(
      Text{.at = {frame.epoch.begin, chart.area.y + 16}, .text = chart.title, .size = title_size, .bold = true});
  if (chart.marked_epoch) add_marked_epoch(drawing, chart, frame);
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    add_series(drawing, chart.series[i], fmt::format("{}-series{}", chart.name, i + 1), frame);
  if (chart.legend)
    add_legend(drawing, chart.series,
               {.x = frame.epoch.begin, .y = chart.area.y + 24, .width = frame.epoch.end - frame.epoch.begin});
}

double add_legend(Drawing& drawing, const std::vector<Series>& series, const Rectangle& area) {
  constexpr double row_height = 20, baseline = 14, line_width = 26, text_begin = 32, gap = 18;
  double x = area.x, y = area.y + baseline;
  for (const Series& each : series) {
    const double size = fitting_size(each.name, area.width - text_begin, legend_size);
    const double taken = text_begin + estimated_width(each.name, size);
    if (x > area.x && x + taken > area.x + area.width) {
      x = area.x;
      y += row_height;
    }
    drawing.add(Path{.points = {{x, y - 4}, {x + line_width, y - 4}},
                     .style = {.stroke = each.colour, .stroke_width = 2, .dashed = each.dashed}});
    add_marker(drawing, each, {x + line_width / 2, y - 4}, 4, "");
    drawing.add(Text{.at = {x + text_begin, y}, .text = each.name, .size = size});
    x += taken + gap;
  }
  return y - area.y - baseline + row_height;
}

}  // namespace nib
