#include "pictures/sweep.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "drawing/text_fit.h"
#include "pictures/value_scale.h"

namespace nib {
namespace {

constexpr std::size_t most_rows = 40;
constexpr double label_size = 12, axis_size = 11, margin = 24, gap = 14, figure_width = 62, below = 44;
constexpr double dot = 2.5, marker = 5, cap = 5;
constexpr double dots_below = 10;  ///< the mean, which would hide them

/// Where things lie: beside the label on a wide sheet, below it on a narrow one.
struct Layout {
  double left, right, top, row, label_width, label_up;
};

Layout layout_of(std::span<const SettingRow> rows, Sheet sheet) {
  if (sheet == Sheet::narrow)
    return {.left = 20, .right = 300, .top = 30, .row = 48, .label_width = 340, .label_up = 14};
  double label_width = 60;
  for (const SettingRow& row : rows) label_width = std::max(label_width, estimated_width(row.label, label_size));
  label_width = std::min(label_width, 260.0);
  const double left = margin + label_width + gap;
  return {.left = left, .right = left + 400, .top = 30, .row = 36, .label_width = label_width, .label_up = 0};
}

/// Everything that is to lie on the axis; what no accuracy can be is not.
std::vector<double> accuracies(std::span<const SettingRow> rows) {
  std::vector<double> all;
  for (const SettingRow& row : rows) {
    all.insert(all.end(), row.values.begin(), row.values.end());
    if (row.sample && row.sample->interval)
      for (const double end : {row.sample->interval->low, row.sample->interval->high})
        all.push_back(std::clamp(end, 0.0, 1.0));
  }
  return all;
}

void add_axis(Drawing& drawing, const ValueScale& scale, const Layout& layout, double bottom, const std::string& what) {
  for (const ValueScale::Tick& tick : scale.ticks()) {
    drawing.add(Path{.points = {{tick.at, layout.top}, {tick.at, bottom}}, .style = {.stroke = Role::grid}});
    drawing.add(Text{.at = {tick.at, bottom + 16},
                     .text = tick.label,
                     .size = axis_size,
                     .fill = Role::muted,
                     .anchor = Anchor::middle});
  }
  const std::string scaled = scale.is_logarithmic() ? what + ", logarithmic in the errors" : what;
  drawing.add(Text{.at = {(layout.left + layout.right) / 2, bottom + 34},
                   .text = scaled,
                   .size = label_size,
                   .anchor = Anchor::middle});
  drawing.add(Text{.at = {layout.right + figure_width, layout.top - 12},
                   .text = "mean",
                   .size = axis_size,
                   .fill = Role::muted,
                   .anchor = Anchor::end});
}

void add_sample(Drawing& drawing, const ValueScale& scale, const SettingRow& row, double y) {
  const Role colour = row.chosen ? Role::first : Role::muted;
  const auto place = [&](double accuracy) { return scale(std::clamp(accuracy, 0.0, 1.0)); };
  for (const double value : row.values)
    drawing.add(
        Circle{.centre = {place(value), y + dots_below}, .radius = dot, .style = {.fill = colour, .opacity = 0.5}});
  const Sample& sample = *row.sample;
  std::string hint = fmt::format("{}: {:.4f}, {}", row.label, sample.mean, counted(sample.count, "run"));
  if (sample.interval) {
    const double low = place(sample.interval->low), high = place(sample.interval->high);
    const Style line{.stroke = colour, .stroke_width = 2};
    drawing.add(Path{.points = {{low, y}, {high, y}}, .style = line});
    for (const double end : {low, high}) drawing.add(Path{.points = {{end, y - cap}, {end, y + cap}}, .style = line});
    hint += fmt::format(" (95 %: {:.4f} to {:.4f})", sample.interval->low, sample.interval->high);
  }
  drawing
      .add(Circle{.centre = {place(sample.mean), y},
                  .radius = marker,
                  .style = {.fill = colour, .stroke = Role::paper, .stroke_width = 1.2}})
      .hint = hint;
}

void add_row(Drawing& drawing, const ValueScale& scale, const SettingRow& row, const Layout& layout, double y) {
  const bool above = layout.label_up > 0;
  drawing.add(Text{.at = {above ? layout.left : layout.left - gap, y + 4 - layout.label_up},
                   .text = row.label,
                   .size = fitting_size(row.label, layout.label_width, label_size),
                   .anchor = above ? Anchor::start : Anchor::end,
                   .bold = row.chosen});
  if (row.sample) add_sample(drawing, scale, row, y);
  drawing.add(Text{.at = {layout.right + figure_width, y + 4},
                   .text = row.sample ? fmt::format("{:.4f}", row.sample->mean) : "-",
                   .size = label_size,
                   .anchor = Anchor::end,
                   .bold = row.chosen});
}

}  // namespace

Drawing sweep_picture(std::span<const SettingRow> rows, const std::string& what, Sheet sheet) {
  const std::span<const SettingRow> shown = rows.first(std::min(rows.size(), most_rows));
  const Layout layout = layout_of(shown, sheet);
  const double bottom = layout.top + layout.row * static_cast<double>(shown.size());
  const std::string settings = shown.size() < rows.size()
                                   ? fmt::format("the best {} of {} settings", shown.size(), rows.size())
                                   : counted(rows.size(), "setting");
  std::string title = what + " of " + settings;
  title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  Drawing drawing{.name = sweep_picture_name,
                  .title = title,
                  .description = title + ": each run, the mean and its 95 % interval",
                  .width = layout.right + figure_width + margin,
                  .height = bottom + below};
  const std::vector<double> values = accuracies(shown);
  const ValueScale scale(Figure::accuracy, values, layout.left, layout.right);
  add_axis(drawing, scale, layout, bottom, what);
  double y = layout.top + layout.row / 2 + layout.label_up / 2;
  for (const SettingRow& row : shown) {
    add_row(drawing, scale, row, layout, y);
    y += layout.row;
  }
  return drawing;
}

}  // namespace nib
