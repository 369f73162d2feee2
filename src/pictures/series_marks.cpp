#include "pictures/series_marks.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nib {
namespace {

constexpr double label_size = 11, label_height = 12.5, leader_length = 9;

Element& add_shape(Drawing& drawing, Marker marker, Point at, double size, const Style& style) {
  const auto [x, y] = at;
  switch (marker) {
    case Marker::square:
      return drawing.add(Rectangle{
          .x = x - 0.9 * size, .y = y - 0.9 * size, .width = 1.8 * size, .height = 1.8 * size, .style = style});
    case Marker::triangle:
      return drawing.add(
          Path{.points = {{x, y - 1.2 * size}, {x + 1.1 * size, y + 0.8 * size}, {x - 1.1 * size, y + 0.8 * size}},
               .style = style,
               .closed = true});
    case Marker::diamond:
      return drawing.add(
          Path{.points = {{x, y - 1.25 * size}, {x + 1.25 * size, y}, {x, y + 1.25 * size}, {x - 1.25 * size, y}},
               .style = style,
               .closed = true});
    case Marker::circle:
      break;
  }
  return drawing.add(Circle{.centre = at, .radius = size, .style = style});
}

/// Where the labels lie so that none covers another: down from the highest, then up again from the bottom.
std::vector<double> apart(std::vector<double> places, double top, double bottom) {
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = std::max(places[i], i == 0 ? top : places[i - 1] + label_height);
  for (std::size_t i = places.size(); i-- > 0;)
    places[i] = std::min(places[i], i + 1 == places.size() ? bottom : places[i + 1] - label_height);
  return places;
}

}  // namespace

void add_marker(Drawing& drawing, const Series& series, Point at, double size, std::string hint) {
  const Style filled{.fill = series.colour, .stroke = Role::paper, .stroke_width = 1.2};
  const Style hollow{.fill = Role::paper, .stroke = series.colour, .stroke_width = 1.6};
  add_shape(drawing, series.marker, at, size, series.hollow ? hollow : filled).hint = std::move(hint);
}

void add_end_labels(Drawing& drawing, std::vector<EndLabel> labels, double x, double top, double bottom) {
  std::ranges::stable_sort(labels, {}, [](const EndLabel& label) { return label.point.y; });
  std::vector<double> wanted;
  for (const EndLabel& label : labels) wanted.push_back(label.point.y);
  const std::vector<double> places = apart(wanted, top, bottom);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double y = places[i];
    if (labels.size() > 1)
      drawing.add(Path{.points = {{labels[i].point.x + 6, labels[i].point.y}, {x + leader_length - 2, y}},
                       .style = {.stroke = labels[i].series->colour, .stroke_width = 1}});
    drawing.add(Text{.at = {x + leader_length, y + 4}, .text = labels[i].text, .size = label_size});
  }
}

}  // namespace nib
