#include "pictures/line_chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "drawing/text_fit.h"
#include "pictures/axis.h"
#include "pictures/series_marks.h"

namespace nib {
namespace {

constexpr double title_size = 14, label_size = 12, legend_size = 12;
constexpr double left_margin = 52, right_margin = 58, bottom_margin = 46;
constexpr double title_height = 32, legend_height = 22, mark_height = 18;
constexpr std::size_t most_markers = 40;  ///< on one line: more of them hide it

Style faint_style(Role colour) { return {.stroke = colour, .stroke_width = 1, .opacity = 0.35}; }

std::uint32_t epoch_count(const LineChart& chart) {
  std::size_t epochs = 1;
  for (const Series& series : chart.series) epochs = std::max(epochs, series.values.size());
  return static_cast<std::uint32_t>(epochs);
}

/// Where the curves go.
struct Frame {
  Axis epoch;
  ValueScale value;
};

Frame frame_of(const LineChart& chart) {
  const Rectangle& area = chart.area;
  const double left = area.x + left_margin, right = area.x + area.width - right_margin;
  const double top =
                   area.y + title_height + (chart.legend ? legend_height : 0) + (chart.marked_epoch ? mark_height : 0),
               bottom = area.y + area.height - bottom_margin;
  const double epochs = epoch_count(chart), air = epochs == 1 ? 0.5 : 0.03 * (epochs - 1);
  std::vector<double> values;
  for (const Series& series : chart.series) values.insert(values.end(), series.values.begin(), series.values.end());
  return {.epoch = {.low = chart.behind.empty() ? 1 - air : 0, .high = epochs + air, .begin = left, .end = right},
          .value = ValueScale(chart.figure, values, bottom, top)};
}

void add_line(Drawing& drawing, Point from, Point to, Role colour, double width = 1) {
  drawing.add(Path{.points = {from, to}, .style = {.stroke = colour, .stroke_width = width}});
}

void add_axes(Drawing& drawing, const LineChart& chart, const Frame& frame) {
  const Axis& x = frame.epoch;
  const double bottom = frame.value.bottom(), top = frame.value.top();
  for (const ValueScale::Tick& tick : frame.value.ticks()) {
    add_line(drawing, {x.begin, tick.at}, {x.end, tick.at}, Role::grid);
    drawing.add(Text{.at = {x.begin - 8, tick.at + 4},
                     .text = tick.label,
                     .size = fitting_size(tick.label, left_margin - 10, label_size),
                     .fill = Role::muted,
                     .anchor = Anchor::end});
  }
  for (const std::uint32_t epoch : whole_ticks(1, epoch_count(chart), 10)) {
    add_line(drawing, {x(epoch), bottom}, {x(epoch), top}, Role::grid);
    drawing.add(Text{.at = {x(epoch), bottom + 18},
                     .text = std::to_string(epoch),
                     .size = label_size,
                     .fill = Role::muted,
                     .anchor = Anchor::middle});
  }
  add_line(drawing, {x.begin, bottom}, {x.end, bottom}, Role::muted);
  drawing.add(
      Text{.at = {(x.begin + x.end) / 2, bottom + 37}, .text = "Epoch", .size = label_size, .anchor = Anchor::middle});
}

std::string figure_text(Figure figure, double value) {
  if (figure == Figure::rate) return fmt::format("{:.3g}", value);
  return std::abs(value) < 1e6 ? fmt::format("{:.4f}", value) : fmt::format("{:.5g}", value);
}

/// Runs of finite values, each a line of its own.
std::vector<std::vector<Point>> lines_of(const Series& series, const Frame& frame) {
  std::vector<std::vector<Point>> lines(1);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const bool drawn = ValueScale::can_be_drawn(series.values[i]);
    if (drawn) lines.back().push_back({frame.epoch(static_cast<double>(i + 1)), frame.value(series.values[i])});
    if (!drawn && !lines.back().empty()) lines.emplace_back();
  }
  return lines;
}

void add_series(Drawing& drawing, const LineChart& chart, std::size_t which, const Frame& frame) {
  const Series& series = chart.series[which];
  const std::string id = fmt::format("{}-series{}", chart.name, which + 1);
  for (const std::vector<Point>& points : lines_of(series, frame))
    if (points.size() > 1)
      drawing.add(Path{.points = points, .style = {.stroke = series.colour, .stroke_width = 2, .dash = series.dash}})
          .id = id;
  if (series.values.size() > most_markers) return;
  for (std::size_t i = 0; i < series.values.size(); ++i)
    if (const double value = series.values[i]; ValueScale::can_be_drawn(value))
      add_marker(drawing, series, {frame.epoch(static_cast<double>(i + 1)), frame.value(value)}, 4,
                 fmt::format("{}, epoch {}: {}", series.name, i + 1, figure_text(chart.figure, value)));
}

/// Where the line from one point to another, of which one is beyond the height `y`, crosses it.
Point crossing(Point from, Point to, double y) {
  const double part = (y - from.y) / (to.y - from.y);
  return {.x = from.x + part * (to.x - from.x), .y = y};
}

/// The pieces of a line that are within the frame.
std::vector<std::vector<Point>> clipped(const std::vector<Point>& points, double top, double bottom) {
  std::vector<std::vector<Point>> pieces(1);
  const auto place = [&](const Point& point) { return point.y < top ? -1 : point.y > bottom ? 1 : 0; };
  for (std::size_t i = 0; i < points.size(); ++i) {
    const int now = place(points[i]), before = i == 0 ? now : place(points[i - 1]);
    if (now != before) {  // leaves the frame, comes into it, or both
      if (before != 0)
        pieces.emplace_back(), pieces.back().push_back(crossing(points[i - 1], points[i], before < 0 ? top : bottom));
      if (now != 0) pieces.back().push_back(crossing(points[i - 1], points[i], now < 0 ? top : bottom));
    }
    if (now == 0) pieces.back().push_back(points[i]);
  }
  return pieces;
}

void add_behind(Drawing& drawing, const LineChart& chart, const Frame& frame) {
  std::vector<Point> points;
  for (const Point& point : chart.behind)
    if (ValueScale::can_be_drawn(point.y)) points.push_back({frame.epoch(point.x), frame.value.beyond(point.y)});
  std::string id = chart.name + "-steps";
  for (const std::vector<Point>& piece : clipped(points, frame.value.top(), frame.value.bottom()))
    if (piece.size() > 1)
      drawing.add(Path{.points = piece, .style = faint_style(chart.series.front().colour)}).id = std::exchange(id, "");
}

/// A small triangle over the plot that points at the epoch, and what it is called.
void add_marked_epoch(Drawing& drawing, const LineChart& chart, const Frame& frame) {
  const double x = frame.epoch(*chart.marked_epoch), top = frame.value.top();
  add_line(drawing, {x, frame.value.bottom()}, {x, top}, Role::muted, 0.8);
  drawing.add(Path{
      .points = {{x - 5, top - 10}, {x + 5, top - 10}, {x, top - 2}}, .style = {.fill = Role::muted}, .closed = true});
  const bool at_the_left = x < (frame.epoch.begin + frame.epoch.end) / 2;
  drawing
      .add(Text{.at = {at_the_left ? x + 9 : x - 9, top - 3},
                .text = chart.marked_as,
                .size = label_size,
                .fill = Role::muted,
                .anchor = at_the_left ? Anchor::start : Anchor::end})
      .id = chart.name + "-best";
}

/// The last figure of each line.
std::vector<EndLabel> end_labels(const LineChart& chart, const Frame& frame) {
  std::vector<EndLabel> labels;
  for (const Series& series : chart.series) {
    if (series.values.empty() || !ValueScale::can_be_drawn(series.values.back())) continue;
    const double value = series.values.back();
    labels.push_back({&series,
                      {frame.epoch(static_cast<double>(series.values.size())), frame.value(value)},
                      figure_text(chart.figure, value)});
  }
  return labels;
}

}  // namespace

void add_line_chart(Drawing& drawing, const LineChart& chart) {
  const Frame frame = frame_of(chart);
  add_axes(drawing, chart, frame);
  drawing.add(
      Text{.at = {frame.epoch.begin, chart.area.y + 16}, .text = chart.title, .size = title_size, .bold = true});
  if (frame.value.is_logarithmic())
    drawing.add(Text{.at = {frame.epoch.begin + estimated_width(chart.title, title_size) + 14, chart.area.y + 16},
                     .text = chart.figure == Figure::accuracy ? "(errors on a log scale)" : "(log scale)",
                     .size = label_size,
                     .fill = Role::muted});
  if (chart.marked_epoch) add_marked_epoch(drawing, chart, frame);
  add_behind(drawing, chart, frame);
  for (std::size_t i = 0; i < chart.series.size(); ++i) add_series(drawing, chart, i, frame);
  add_end_labels(drawing, end_labels(chart, frame), frame.epoch.end, frame.value.top(), frame.value.bottom());
  if (!chart.legend) return;
  std::vector<Series> legend = chart.series;
  if (!chart.behind.empty())
    legend.push_back({.name = chart.behind_as, .colour = legend.front().colour, .faint = true});
  add_legend(
      drawing, legend,
      {.x = frame.epoch.begin, .y = chart.area.y + 24, .width = chart.area.x + chart.area.width - frame.epoch.begin});
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
    const Style style{.stroke = each.colour, .stroke_width = 2, .dash = each.dash};
    drawing.add(
        Path{.points = {{x, y - 4}, {x + line_width, y - 4}}, .style = each.faint ? faint_style(each.colour) : style});
    if (!each.faint) add_marker(drawing, each, {x + line_width / 2, y - 4}, 4, "");
    drawing.add(Text{.at = {x + text_begin, y}, .text = each.name, .size = size});
    x += taken + gap;
  }
  return y - area.y - baseline + row_height;
}

}  // namespace nib
