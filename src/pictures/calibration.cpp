#include "statistics/calibration.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "pictures/axis.h"
#include "pictures/pictures.h"
#include "statistics/intervals.h"

namespace nib {
namespace {

constexpr double side = 330, left = 66, top = 18, histogram_top = top + side + 26, histogram_height = 90;
constexpr double histogram_bottom = histogram_top + histogram_height, label_size = 12;

const Axis confidence{.low = 0, .high = 1, .begin = left, .end = left + side};
const Axis accuracy{.low = 0, .high = 1, .begin = top + side, .end = top};

void add_text(Drawing& drawing, Point at, std::string text, Anchor anchor, Role fill = Role::muted,
              double degrees = 0) {
  drawing.add(
      Text{.at = at, .text = std::move(text), .size = label_size, .fill = fill, .anchor = anchor, .degrees = degrees});
}

void add_axes(Drawing& drawing) {
  const std::vector<double> places = ticks(0, 1, 5);
  const std::vector<std::string> labels = tick_labels(places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double x = confidence(places[i]), y = accuracy(places[i]);
    drawing.add(Path{.points = {{left, y}, {left + side, y}}, .style = {.stroke = Role::grid}});
    drawing.add(Path{.points = {{x, top}, {x, top + side}}, .style = {.stroke = Role::grid}});
    add_text(drawing, {left - 8, y + 4}, labels[i], Anchor::end);
    add_text(drawing, {x, histogram_bottom + 18}, labels[i], Anchor::middle);
  }
  drawing.add(Path{.points = {{left, top + side}, {left + side, top}},
                   .style = {.stroke = Role::muted, .stroke_width = 1.2, .dash = Dash::dashes}});
  add_text(drawing, {left + side / 2, histogram_bottom + 38}, "confidence (probability of the predicted class)",
           Anchor::middle, Role::ink);
  add_text(drawing, {20, top + side / 2}, "accuracy", Anchor::middle, Role::ink, -90);
  add_text(drawing, {20, histogram_top + histogram_height / 2}, "images", Anchor::middle, Role::ink, -90);
}

/// The bins' accuracy as bars, with the gap to their confidence and the interval that their number of images leaves.
void add_bin(Drawing& drawing, const CalibrationBin& bin) {
  const double x = confidence(bin.low), width = confidence(bin.high) - x, y = accuracy(bin.accuracy());
  Element& bar = drawing.add(Rectangle{.x = x + 1,
                                       .y = y,
                                       .width = width - 2,
                                       .height = accuracy(0) - y,
                                       .style = {.fill = Role::first, .opacity = 0.35}});
  bar.hint = fmt::format("confidence {:.3f}, accuracy {:.3f}: {} images", bin.confidence(), bin.accuracy(),
                         with_commas(bin.images));
  const Interval interval = wilson_interval(bin.correct, bin.images);
  const double at = confidence(bin.confidence());
  const Style line{.stroke = Role::first, .stroke_width = 1.6};
  drawing.add(Path{.points = {{at, accuracy(interval.low)}, {at, accuracy(interval.high)}}, .style = line});
  drawing.add(Circle{
      .centre = {at, y}, .radius = 4, .style = {.fill = Role::first, .stroke = Role::paper, .stroke_width = 1.2}});
}

/// How many images there are in each bin, on a log scale from one image.
void add_histogram(Drawing& drawing, const std::vector<CalibrationBin>& bins) {
  std::uint64_t most = 10;
  for (const CalibrationBin& bin : bins) most = std::max(most, bin.images);
  const double decades = std::ceil(std::log10(static_cast<double>(most)));
  // A single image is still a visible bar.
  const Axis height{.low = -0.25, .high = decades, .begin = histogram_bottom, .end = histogram_top};
  const int every = decades > 4 ? 2 : 1;
  for (int decade = 0; decade <= static_cast<int>(decades); decade += every) {
    const double y = height(decade);
    drawing.add(Path{.points = {{left, y}, {left + side, y}}, .style = {.stroke = Role::grid}});
    add_text(drawing, {left - 8, y + 4}, with_commas(static_cast<std::uint64_t>(std::pow(10.0, decade))), Anchor::end);
  }
  for (const CalibrationBin& bin : bins) {
    if (bin.images == 0) continue;
    const double x = confidence(bin.low), y = height(std::log10(static_cast<double>(bin.images)));
    drawing
        .add(Rectangle{.x = x + 1,
                       .y = y,
                       .width = confidence(bin.high) - x - 2,
                       .height = histogram_bottom - y,
                       .style = {.fill = Role::muted, .opacity = 0.7}})
        .hint =
        fmt::format("{} images with a confidence of {:.3f} to {:.3f}", with_commas(bin.images), bin.low, bin.high);
  }
  drawing.add(
      Path{.points = {{left, histogram_bottom}, {left + side, histogram_bottom}}, .style = {.stroke = Role::muted}});
}

}  // namespace

Drawing calibration_picture(const Predictions& predictions) {
  const Calibration result = calibration(predictions);
  Drawing drawing{.name = "calibration",
                  .title = "Calibration",
                  .description =
                      "Reliability diagram: accuracy over confidence, and how many images have which "
                      "confidence",
                  .width = left + side + 24,
                  .height = histogram_bottom + 52};
  add_axes(drawing);
  for (const CalibrationBin& bin : result.bins)
    if (bin.images > 0) add_bin(drawing, bin);
  drawing.add(Rectangle{
      .x = left + 12, .y = top + 10, .width = 212, .height = 26, .style = {.fill = Role::paper, .opacity = 0.85}});
  drawing
      .add(Text{.at = {left + 18, top + 27},
                .text = fmt::format("expected calibration error {:.4f}", result.expected_error),
                .size = label_size,
                .bold = true})
      .id = "error";
  add_histogram(drawing, result.bins);
  return drawing;
}

}  // namespace nib
