#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drawing/text_fit.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

constexpr double widest_matrix = 460, narrow_matrix = 310, largest_cell = 46, smallest_cell_with_count = 15;
constexpr double label_size = 12, longest_label = 110;
constexpr double lowest_share = 1e-4;  ///< of the true class, where the colour scale begins

/// Where the cells are, and how large.
struct Layout {
  std::size_t classes;
  bool narrow;
  double left, top, cell, label_width;
  double right() const { return left + cell * static_cast<double>(classes); }
  double bottom() const { return top + cell * static_cast<double>(classes); }
};

Layout layout_of(const std::vector<std::string>& names, bool narrow) {
  double label_width = 10;
  for (const std::string& name : names) label_width = std::max(label_width, estimated_width(name, label_size));
  label_width = std::min(label_width, longest_label);
  return {.classes = names.size(),
          .narrow = narrow,
          .left = 44 + label_width,
          .top = 16,
          .cell = std::min(largest_cell, (narrow ? narrow_matrix : widest_matrix) / static_cast<double>(names.size())),
          .label_width = label_width};
}

/// 0.1 where the scale begins, 1 for all images of a class.
double opacity_of(double share) {
  const double place = 1 - std::log10(std::max(share, lowest_share)) / std::log10(lowest_share);
  return 0.1 + 0.9 * place;
}

struct Cell {
  std::size_t label, predicted;
  std::uint64_t count, support;  ///< of its images, and of its row
};

void add_cell(Drawing& drawing, const Layout& layout, const std::vector<std::string>& names, const Cell& place) {
  const auto [label, predicted, count, support] = place;
  const double x = layout.left + layout.cell * static_cast<double>(predicted);
  const double y = layout.top + layout.cell * static_cast<double>(label);
  const double share = support ? static_cast<double>(count) / static_cast<double>(support) : 0;
  const double opacity = count ? opacity_of(share) : 0;
  if (count) {
    Element& cell =
        drawing.add(Rectangle{.x = x,
                              .y = y,
                              .width = layout.cell,
                              .height = layout.cell,
                              .style = {.fill = label == predicted ? Role::right : Role::wrong, .opacity = opacity}});
    cell.id = fmt::format("cell-{}-{}", label, predicted);
    cell.hint = fmt::format("{} taken for {}: {} of {} ({:.2f} %)", names[label], names[predicted], with_commas(count),
                            with_commas(support), 100 * share);
  }
  if (layout.cell < smallest_cell_with_count) return;
  const std::string text = std::to_string(count);
  drawing.add(Text{.at = {x + layout.cell / 2, y + layout.cell / 2 + 0.1 * layout.cell},
                   .text = text,
                   .size = fitting_size(text, 0.85 * layout.cell, 13),
                   .fill = opacity > 0.62 ? Role::paper
                           : count        ? Role::ink
                                          : Role::muted,
                   .anchor = Anchor::middle,
                   .bold = count && label != predicted});
}

void add_names(Drawing& drawing, const Layout& layout, const std::vector<std::string>& names) {
  const bool turned = layout.label_width > layout.cell - 4;
  // Names closer than their height would cover each other.
  const auto step = static_cast<std::size_t>(std::ceil((label_size + 1) / layout.cell));
  for (std::size_t k = 0; k < names.size(); k += step) {
    const double middle = layout.cell * (static_cast<double>(k) + 0.5);
    const double size = fitting_size(names[k], longest_label, label_size);
    drawing.add(
        Text{.at = {layout.left - 8, layout.top + middle + 4}, .text = names[k], .size = size, .anchor = Anchor::end});
    if (turned)
      drawing.add(Text{.at = {layout.left + middle + 4, layout.bottom() + 8},
                       .text = names[k],
                       .size = size,
                       .anchor = Anchor::end,
                       .degrees = -90});
    else
      drawing.add(Text{.at = {layout.left + middle, layout.bottom() + 18},
                       .text = names[k],
                       .size = size,
                       .anchor = Anchor::middle});
  }
  const double below = layout.bottom() + (turned ? layout.label_width + 30 : 40);
  drawing.add(Text{.at = {(layout.left + layout.right()) / 2, below},
                   .text = "Predicted class",
                   .size = 13,
                   .anchor = Anchor::middle,
                   .bold = true});
  drawing.add(Text{.at = {18, (layout.top + layout.bottom()) / 2},
                   .text = "True class",
                   .size = 13,
                   .anchor = Anchor::middle,
                   .bold = true,
                   .degrees = -90});
}

/// The colour scale on the right: right ones and wrong ones side by side, a step for each quarter of a decade.
void add_scale(Drawing& drawing, const Layout& layout) {
  constexpr int decades = 4, steps = 4 * decades;
  constexpr double bar = 16, height = 200;
  const double left = layout.right() + 30, top = layout.top + 34, step = height / steps;
  drawing.add(Text{.at = {left, layout.top + 8}, .text = "share of the true class", .size = label_size});
  drawing.add(Text{.at = {left, layout.top + 23}, .text = "(log scale)", .size = label_size, .fill = Role::muted});
  for (int i = 0; i < steps; ++i)
    for (const Role role : {Role::right, Role::wrong})
      drawing.add(Rectangle{.x = left + (role == Role::wrong ? bar + 3 : 0),
                            .y = top + step * i,
                            .width = bar,
                            .height = step,
                            .style = {.fill = role, .opacity = opacity_of(std::pow(10.0, -(i + 0.5) / 4))}});
  const char* const labels[] = {"100 %", "10 %", "1 %", "0.1 %", "0.01 %"};
  for (int decade = 0; decade <= decades; ++decade)
    drawing.add(Text{.at = {left + 2 * bar + 11, top + height * decade / decades + 4},
                     .text = labels[decade],
                     .size = 11,
                     .fill = Role::muted});
  drawing.add(Text{.at = {left + bar / 2 + 4, top + height + 12},
                   .text = "right",
                   .size = 11,
                   .fill = Role::muted,
                   .anchor = Anchor::end,
                   .degrees = -90});
  drawing.add(Text{.at = {left + bar + 3 + bar / 2 + 4, top + height + 12},
                   .text = "wrong",
                   .size = 11,
                   .fill = Role::muted,
                   .anchor = Anchor::end,
                   .degrees = -90});
}

void add_lines(Drawing& drawing, const Layout& layout) {
  const double right = layout.right(), bottom = layout.bottom();
  if (layout.cell >= smallest_cell_with_count)
    for (std::size_t k = 1; k < layout.classes; ++k) {
      const double offset = layout.cell * static_cast<double>(k);
      const Style style{.stroke = Role::grid};
      drawing.add(Path{.points = {{layout.left + offset, layout.top}, {layout.left + offset, bottom}}, .style = style});
      drawing.add(Path{.points = {{layout.left, layout.top + offset}, {right, layout.top + offset}}, .style = style});
    }
  drawing.add(Rectangle{.x = layout.left,
                        .y = layout.top,
                        .width = right - layout.left,
                        .height = bottom - layout.top,
                        .style = {.stroke = Role::muted}});
}

}  // namespace

Drawing confusion_picture(const Predictions& predictions, const std::vector<std::string>& class_names, Sheet sheet) {
  const Layout layout = layout_of(class_names, sheet == Sheet::narrow);
  const double scale_width = layout.narrow ? 12 : 165;
  Drawing drawing{.name = "confusion",
                  .title = "Confusion matrix",
                  .description = "How many images of each true class were predicted as each class",
                  .width = layout.right() + scale_width,
                  .height = layout.bottom() + (layout.label_width > layout.cell - 4 ? layout.label_width + 46 : 56)};
  const std::vector<std::uint64_t> counts = confusion_matrix(predictions);
  for (std::size_t label = 0; label < layout.classes; ++label) {
    const auto row = std::span(counts).subspan(label * layout.classes, layout.classes);
    std::uint64_t support = 0;
    for (const std::uint64_t count : row) support += count;
    for (std::size_t predicted = 0; predicted < layout.classes; ++predicted)
      add_cell(drawing, layout, class_names, {label, predicted, row[predicted], support});
  }
  add_lines(drawing, layout);
  add_names(drawing, layout, class_names);
  if (!layout.narrow) add_scale(drawing, layout);
  return drawing;
}

}  // namespace nib
