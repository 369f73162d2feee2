#include "pictures/compare_curves.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "pictures/line_chart.h"

namespace nib {
namespace {

constexpr double width = 760, chart_height = 320, margin = 16, legend_gap = 6;
constexpr std::array<Role, 4> colours = {Role::first, Role::second, Role::third, Role::fourth};

bool has_validation(const NamedHistory& run) {
  return std::ranges::any_of(run.history, [](const EpochResult& epoch) { return epoch.validation_loss.has_value(); });
}

/// One line a run: four colours, first as solid lines with round markers, then dashed with square ones.
std::vector<Series> series_of(std::span<const NamedHistory> runs,
                              const std::function<double(const EpochResult&)>& figure) {
  const auto validated = static_cast<std::size_t>(std::ranges::count_if(runs, has_validation));
  const bool mixed = validated > 0 && validated < runs.size();
  std::vector<Series> all;
  for (const NamedHistory& run : runs) {
    const bool second_round = all.size() >= colours.size();
    all.push_back({.name = run.name + (mixed && !has_validation(run) ? " (training)" : ""),
                   .colour = colours[all.size() % colours.size()],
                   .marker = second_round ? Marker::square : Marker::circle,
                   .dashed = second_round});
    for (const EpochResult& epoch : run.history) all.back().values.push_back(figure(epoch));
  }
  return all;
}

}  // namespace

Drawing compare_curves_picture(std::span<const NamedHistory> runs) {
  const std::string of = std::ranges::any_of(runs, has_validation) ? "Validation" : "Training";
  const std::vector<Series> accuracy =
      series_of(runs, [](const EpochResult& epoch) { return epoch.validation_accuracy.value_or(epoch.accuracy); });
  const std::vector<Series> loss =
      series_of(runs, [](const EpochResult& epoch) { return epoch.validation_loss.value_or(epoch.loss); });
  Drawing drawing{.name = compare_curves_name,
                  .title = "Runs compared",
                  .description = of + " accuracy and loss of each epoch of " + std::to_string(runs.size()) + " runs",
                  .width = width};
  const double legend = add_legend(drawing, accuracy, {.x = margin, .y = margin, .width = width - 2 * margin});
  const double top = margin + legend + legend_gap;
  drawing.height = top + chart_height;
  add_line_chart(drawing, {.name = "accuracy",
                           .title = of + " accuracy",
                           .area = {.y = top, .width = width / 2, .height = chart_height},
                           .series = accuracy,
                           .lowest = 0,
                           .highest = 1,
                           .legend = false});
  add_line_chart(drawing, {.name = "loss",
                           .title = of + " loss",
                           .area = {.x = width / 2, .y = top, .width = width / 2, .height = chart_height},
                           .series = loss,
                           .lowest = 0,
                           .highest = std::numeric_limits<double>::infinity(),
                           .legend = false});
  return drawing;
}

}  // namespace nib
