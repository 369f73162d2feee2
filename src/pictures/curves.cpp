#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "pictures/line_chart.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr double chart_width = 380, chart_height = 320, rates_height = 240;

bool has_validation(const History& history) {
  return std::ranges::any_of(history, [](const EpochResult& result) { return result.validation_loss.has_value(); });
}

/// Training and validation figures as two lines.
template <typename Training, typename Validation>
std::vector<Series> two_series(const History& history, Training training, Validation validation) {
  Series one{.name = "training"};
  Series two{.name = "validation", .colour = Role::second, .marker = Marker::square, .dash = Dash::dashes};
  for (const EpochResult& result : history) {
    one.values.push_back(training(result));
    two.values.push_back(validation(result).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  if (has_validation(history)) return {one, two};
  return {one};
}

/// A figure of the parts of the curve, each in the middle of its steps: 0 is the run's begin, 1 the end of epoch 1.
template <typename Sum>
std::vector<Point> points_of(const StepCurve* curve, const History& history, Sum sum) {
  std::vector<Point> points;
  if (curve == nullptr || history.empty() || curve->steps % history.size() != 0) return points;
  const double steps = static_cast<double>(curve->steps), epochs = static_cast<double>(history.size());
  for (std::size_t i = 0; i < curve->parts.size(); ++i) {
    const double begin = static_cast<double>(i * curve->width);
    const double end = std::min(begin + static_cast<double>(curve->width), steps);
    const StepCurve::Part& part = curve->parts[i];
    if (part.images > 0)
      points.push_back({.x = (begin + end) / 2 / steps * epochs, .y = sum(part) / static_cast<double>(part.images)});
  }
  return points;
}

/// What a point of that line is the mean of.
std::string width_in_words(const StepCurve* curve) {
  if (curve == nullptr) return {};
  return curve->width == 1 ? "each batch" : fmt::format("{} batches", curve->width);
}

bool has_rates(const History& history) {
  return std::ranges::any_of(history, [](const EpochResult& result) { return result.learning_rate.has_value(); });
}

/// Below the others, as wide as the picture.
void add_rates(Drawing& drawing, const History& history) {
  Series rates{.name = "learning rate", .colour = Role::third};
  for (const EpochResult& result : history)
    rates.values.push_back(result.learning_rate.value_or(std::numeric_limits<double>::quiet_NaN()));
  add_line_chart(drawing, {.name = "rate",
                           .title = "Learning rate at the end of each epoch",
                           .figure = Figure::rate,
                           .area = {.y = drawing.height, .width = drawing.width, .height = rates_height},
                           .series = {rates},
                           .legend = false});
  drawing.height += rates_height;
  drawing.description += ", and its learning rate";
}

}  // namespace

Drawing curves_picture(const History& history, std::optional<std::uint32_t> best, const StepCurve* steps, Sheet sheet) {
  const bool narrow = sheet == Sheet::narrow;
  Drawing drawing{.name = "curves",
                  .title = "Accuracy and loss",
                  .description = "Accuracy and loss of each epoch in training and validation",
                  .width = narrow ? chart_width : 2 * chart_width,
                  .height = narrow ? 2 * chart_height : chart_height};
  if (history.size() < 2) best.reset();
  const std::string marked_as = best ? "best: epoch " + std::to_string(*best) : "";
  add_line_chart(drawing,
                 {.name = "accuracy",
                  .title = "Accuracy",
                  .figure = Figure::accuracy,
                  .area = {.width = chart_width, .height = chart_height},
                  .series = two_series(
                      history, [](const EpochResult& result) { return result.accuracy; },
                      [](const EpochResult& result) { return result.validation_accuracy; }),
                  .behind = points_of(steps, history,
                                      [](const StepCurve::Part& part) { return static_cast<double>(part.correct); }),
                  .behind_as = width_in_words(steps),
                  .marked_epoch = best,
                  .marked_as = marked_as});
  add_line_chart(drawing,
                 {.name = "loss",
                  .title = "Loss",
                  .figure = Figure::loss,
                  .area = {.x = narrow ? 0 : chart_width,
                           .y = narrow ? chart_height : 0,
                           .width = chart_width,
                           .height = chart_height},
                  .series = two_series(
                      history, [](const EpochResult& result) { return result.loss; },
                      [](const EpochResult& result) { return result.validation_loss; }),
                  .behind = points_of(steps, history, [](const StepCurve::Part& part) { return part.loss_sum; }),
                  .behind_as = width_in_words(steps),
                  .marked_epoch = best,
                  .marked_as = marked_as});
  if (has_rates(history)) add_rates(drawing, history);
  return drawing;
}

}  // namespace nib
