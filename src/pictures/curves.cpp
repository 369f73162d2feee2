#include <algorithm>
#include <limits>
#include <optional>

#include "pictures/line_chart.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr double chart_width = 380, chart_height = 320;

bool has_validation(const History& history) {
  return std::ranges::any_of(history, [](const EpochResult& result) { return result.validation_loss.has_value(); });
}

/// Training and validation figures as two lines.
template <typename Training, typename Validation>
std::vector<Series> two_series(const History& history, Training training, Validation validation) {
  Series one{.name = "training"};
  Series two{.name = "validation", .colour = Role::second, .marker = Marker::square, .dashed = true};
  for (const EpochResult& result : history) {
    one.values.push_back(training(result));
    two.values.push_back(validation(result).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  if (has_validation(history)) return {one, two};
  return {one};
}

}  // namespace

Drawing curves_picture(const History& history, std::optional<std::uint32_t> best, Sheet sheet) {
  const bool narrow = sheet == Sheet::narrow;
  Drawing drawing{.name = "curves",
                  .title = "Accuracy and loss",
                  .description = "Accuracy and loss of each epoch in training and validation",
                  .width = narrow ? chart_width : 2 * chart_width,
                  .height = narrow ? 2 * chart_height : chart_height};
  if (history.size() < 2) best.reset();
  const std::string marked_as = best ? "best: epoch " + std::to_string(*best) : "";
  add_line_chart(drawing, {.name = "accuracy",
                           .title = "Accuracy",
                           .area = {.width = chart_width, .height = chart_height},
                           .series = two_series(
                               history, [](const EpochResult& result) { return result.accuracy; },
                               [](const EpochResult& result) { return result.validation_accuracy; }),
                           .lowest = 0,
                           .highest = 1,
                           .marked_epoch = best,
                           .marked_as = marked_as});
  add_line_chart(drawing, {.name = "loss",
                           .title = "Loss",
                           .area = {.x = narrow ? 0 : chart_width,
                                    .y = narrow ? chart_height : 0,
                                    .width = chart_width,
                                    .height = chart_height},
                           .series = two_series(
                               history, [](const EpochResult& result) { return result.loss; },
                               [](const EpochResult& result) { return result.validation_loss; }),
                           .lowest = 0,
                           .highest = std::numeric_limits<double>::infinity(),
                           .marked_epoch = best,
                           .marked_as = marked_as});
  return drawing;
}

}  // namespace nib
