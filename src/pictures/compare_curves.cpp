#include "pictures/compare_curves.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "pictures/line_chart.h"
#include "pictures/picture_title.h"

namespace nib {
namespace {

constexpr double width = 760, chart_height = 320, margin = 16, legend_gap = 6;

bool has_validation(const NamedHistory& run) {
  return std::ranges::any_of(run.history, [](const EpochResult& epoch) { return epoch.validation_loss.has_value(); });
}

/// The look of a run's line: no two of eight have the same colour and dashes, nor the same marker, so that they are
/// told apart without colour, too.
void set_look(Series& series, std::size_t run) {
  constexpr std::array<Role, 4> colours = {Role::first, Role::second, Role::third, Role::fourth};
  constexpr std::array<Marker, 4> markers = {Marker::circle, Marker::square, Marker::triangle, Marker::diamond};
  constexpr std::array<Dash, 4> dashes = {Dash::none, Dash::dashes, Dash::dots, Dash::dash_dot};
  const std::size_t place = run % colours.size();
  const bool second_round = run >= colours.size();
  series.colour = colours[place];
  series.marker = markers[place];
  series.hollow = second_round;
  series.dash = dashes[second_round ? (place + 2) % dashes.size() : place];
}

std::vector<Series> series_of(std::span<const NamedHistory> runs,
                              const std::function<double(const EpochResult&)>& figure) {
  const auto validated = static_cast<std::size_t>(std::ranges::count_if(runs, has_validation));
  const bool mixed = validated > 0 && validated < runs.size();
  std::vector<Series> all;
  for (const NamedHistory& run : runs) {
    all.push_back({.name = run.name + (mixed && !has_validation(run) ? " (training)" : "")});
    set_look(all.back(), all.size() - 1);
    for (const EpochResult& epoch : run.history) all.back().values.push_back(figure(epoch));
  }
  return all;
}

}  // namespace

Drawing compare_curves_picture(std::span<const NamedHistory> runs, const std::vector<std::string>& about) {
  const std::string of = std::ranges::any_of(runs, has_validation) ? "Validation" : "Training";
  const std::vector<Series> accuracy =
      series_of(runs, [](const EpochResult& epoch) { return epoch.validation_accuracy.value_or(epoch.accuracy); });
  const std::vector<Series> loss =
      series_of(runs, [](const EpochResult& epoch) { return epoch.validation_loss.value_or(epoch.loss); });
  Drawing drawing{.name = compare_curves_name,
                  .title = of + " accuracy and loss of " + std::to_string(runs.size()) + " runs",
                  .description = of + " accuracy and loss of each epoch of " + std::to_string(runs.size()) + " runs",
                  .width = width};
  const double legend = add_legend(drawing, accuracy, {.x = margin, .y = margin, .width = width - 2 * margin});
  const double top = margin + legend + legend_gap;
  drawing.height = top + chart_height;
  add_line_chart(drawing, {.name = "accuracy",
                           .title = of + " accuracy",
                           .figure = Figure::accuracy,
                           .area = {.y = top, .width = width / 2, .height = chart_height},
                           .series = accuracy,
                           .legend = false});
  add_line_chart(drawing, {.name = "loss",
                           .title = of + " loss",
                           .figure = Figure::loss,
                           .area = {.x = width / 2, .y = top, .width = width / 2, .height = chart_height},
                           .series = loss,
                           .legend = false});
  return with_title(std::move(drawing), about);
}

}  // namespace nib
