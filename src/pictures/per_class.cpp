#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "drawing/text_fit.h"
#include "pictures/axis.h"
#include "pictures/pictures.h"
#include "statistics/class_scores.h"

namespace nib {
namespace {

constexpr double row_height = 34, top = 46, label_size = 12, numbers_width = 130;
constexpr double wide_plot = 440, narrow_plot = 210;
constexpr double longest_label = 120;

/// The lower end of the axis: a round number under all intervals, so that what differs is seen.
double axis_begin(const std::vector<ClassScore>& scores) {
  double lowest = 1;
  for (const ClassScore& score : scores)
    lowest = std::min({lowest, score.precision_interval().low, score.recall_interval().low});
  for (const double begin : {0.99, 0.98, 0.97, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.25})
    if (lowest >= begin) return begin;
  return 0;
}

/// The classes, the one with the lowest F1 score first.
std::vector<std::size_t> worst_first(const std::vector<ClassScore>& scores) {
  std::vector<std::size_t> order(scores.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return scores[k].f1(); });
  return order;
}

/// One score as a marker on its interval.
struct Measure {
  const char* name;
  double value;
  Interval interval;
  Role colour;
};

void add_measure(Drawing& drawing, const Axis& axis, const Measure& measure, double y, const std::string& class_name) {
  const double low = axis(measure.interval.low), high = axis(measure.interval.high), x = axis(measure.value);
  const Style line{.stroke = measure.colour, .stroke_width = 2};
  drawing.add(Path{.points = {{low, y}, {high, y}}, .style = line});
  for (const double end : {low, high}) drawing.add(Path{.points = {{end, y - 4}, {end, y + 4}}, .style = line});
  const Style marker{.fill = measure.colour, .stroke = Role::paper, .stroke_width = 1.2};
  Element& element = measure.colour == Role::first
                         ? drawing.add(Circle{.centre = {x, y}, .radius = 5, .style = marker})
                         : drawing.add(Rectangle{.x = x - 4.5, .y = y - 4.5, .width = 9, .height = 9, .style = marker});
  element.hint = fmt::format("{}, {}: {:.4f} (95 %: {:.4f} to {:.4f})", class_name, measure.name, measure.value,
                             measure.interval.low, measure.interval.high);
}

void add_axis(Drawing& drawing, const Axis& axis, double bottom) {
  const std::vector<double> places = ticks(axis.low, axis.high, 5);
  const std::vector<std::string> labels = tick_labels(places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double x = axis(places[i]);
    drawing.add(Path{.points = {{x, top}, {x, bottom}}, .style = {.stroke = Role::grid}});
    drawing.add(Text{
        .at = {x, bottom + 18}, .text = labels[i], .size = label_size, .fill = Role::muted, .anchor = Anchor::middle});
  }
  drawing.add(Text{.at = {(axis.begin + axis.end) / 2, bottom + 38},
                   .text = "score with 95 % Wilson interval",
                   .size = label_size,
                   .anchor = Anchor::middle});
}

void add_legend(Drawing& drawing, double left, double numbers) {
  drawing.add(Circle{.centre = {left + 5, 20}, .radius = 5, .style = {.fill = Role::first}});
  drawing.add(Text{.at = {left + 16, 24}, .text = "precision", .size = label_size});
  drawing.add(Rectangle{.x = left + 94, .y = 15.5, .width = 9, .height = 9, .style = {.fill = Role::second}});
  drawing.add(Text{.at = {left + 109, 24}, .text = "recall", .size = label_size});
  drawing.add(
      Text{.at = {numbers + 46, 24}, .text = "precision", .size = 11, .fill = Role::muted, .anchor = Anchor::end});
  drawing.add(Text{.at = {numbers + 98, 24}, .text = "recall", .size = 11, .fill = Role::muted, .anchor = Anchor::end});
}

}  // namespace

Drawing per_class_picture(const Predictions& predictions, const std::vector<std::string>& class_names, Sheet sheet) {
  const std::vector<ClassScore> scores = class_scores(confusion_matrix(predictions), predictions.classes);
  double label_width = 20;
  for (const std::string& name : class_names) label_width = std::max(label_width, estimated_width(name, label_size));
  const double left = 24 + std::min(label_width, longest_label);
  const double bottom = top + row_height * static_cast<double>(scores.size());
  const Axis axis{.low = axis_begin(scores),
                  .high = 1,
                  .begin = left,
                  .end = left + (sheet == Sheet::narrow ? narrow_plot : wide_plot)};
  Drawing drawing{.name = "per-class",
                  .title = "Precision and recall of each class, the worst first",
                  .description = "Precision and recall of each class with 95 % Wilson intervals",
                  .width = axis.end + numbers_width,
                  .height = bottom + 52};
  add_axis(drawing, axis, bottom);
  add_legend(drawing, left, axis.end);
  double y = top - row_height / 2;
  for (const std::size_t k : worst_first(scores)) {
    const ClassScore& score = scores[k];
    y += row_height;
    drawing.add(Text{.at = {left - 12, y + 4},
                     .text = class_names[k],
                     .size = fitting_size(class_names[k], longest_label, label_size),
                     .anchor = Anchor::end,
                     .bold = true});
    add_measure(drawing, axis, {"precision", score.precision(), score.precision_interval(), Role::first}, y - 7,
                class_names[k]);
    add_measure(drawing, axis, {"recall", score.recall(), score.recall_interval(), Role::second}, y + 7,
                class_names[k]);
    drawing.add(Text{.at = {axis.end + 46, y + 4},
                     .text = fmt::format("{:.3f}", score.precision()),
                     .size = label_size,
                     .anchor = Anchor::end});
    drawing.add(Text{.at = {axis.end + 98, y + 4},
                     .text = fmt::format("{:.3f}", score.recall()),
                     .size = label_size,
                     .anchor = Anchor::end});
  }
  return drawing;
}

}  // namespace nib
