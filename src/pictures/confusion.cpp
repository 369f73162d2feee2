#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/text.h"
#include "drawing/text_fit.h"
#include "pictures/confusion_shade.h"
#include "pictures/pictures.h"
#include "statistics/class_scores.h"

namespace nib {
namespace {

constexpr double widest_matrix = 460, narrow_matrix = 270, largest_cell = 46, smallest_cell_with_count = 15;
constexpr double label_size = 12, longest_label = 110, margin_height = 24;
constexpr double margin_gap = 6, widest_margin_label = 72;  ///< between the matrix and its margins

/// Where the cells are, and how large.
struct Layout {
  std::size_t classes;
  bool narrow;
  double left, top, cell, label_width;
  double right() const { return left + cell * static_cast<double>(classes); }
  double bottom() const { return top + cell * static_cast<double>(classes); }
  bool has_counts() const { return cell >= smallest_cell_with_count; }
  /// Where the margins end, which stand where the counts do.
  double margins_right() const { return right() + (has_counts() ? margin_gap + margin_width() : 0); }
  double margins_bottom() const { return bottom() + (has_counts() ? margin_gap + margin_height : 0); }
  double margin_width() const { return std::max(cell, 38.0); }
};

Layout layout_of(const std::vector<std::string>& names, bool narrow) {
  double label_width = 10;
  for (const std::string& name : names) label_width = std::max(label_width, estimated_width(name, label_size));
  label_width = std::min(label_width, longest_label);
  return {.classes = names.size(),
          .narrow = narrow,
          .left = std::max(44 + label_width, widest_margin_label),
          .top = 28,
          .cell = std::min(largest_cell, (narrow ? narrow_matrix : widest_matrix) / static_cast<double>(names.size())),
          .label_width = label_width};
}

struct Cell {
  std::size_t label, predicted;
  std::uint64_t count, support;  ///< of its images, and of its row
  bool right() const { return label == predicted; }
  double share() const { return support ? static_cast<double>(count) / static_cast<double>(support) : 0; }
};

/// A count on its shade. No count stands as 0: what is empty is blank, so that errors are seen.
void add_cell(Drawing& drawing, const Layout& layout, const std::vector<std::string>& names, const Cell& cell) {
  if (cell.count == 0) return;
  const double x = layout.left + layout.cell * static_cast<double>(cell.predicted);
  const double y = layout.top + layout.cell * static_cast<double>(cell.label);
  const Shade shade = cell.right() ? shade_of_right(cell.share()) : shade_of_wrong(cell.share());
  Element& square =
      drawing.add(Rectangle{.x = x,
                            .y = y,
                            .width = layout.cell,
                            .height = layout.cell,
                            .style = {.fill = cell.right() ? Role::right : Role::wrong, .opacity = shade.opacity}});
  square.id = fmt::format("cell-{}-{}", cell.label, cell.predicted);
  square.hint = fmt::format("{} taken for {}: {} of {} ({:.2f} %)", names[cell.label], names[cell.predicted],
                            with_commas(cell.count), with_commas(cell.support), 100 * cell.share());
  if (!layout.has_counts()) return;
  const std::string text = std::to_string(cell.count);
  drawing.add(Text{.at = {x + layout.cell / 2, y + layout.cell / 2 + 0.1 * layout.cell},
                   .text = text,
                   .size = fitting_size(text, 0.85 * layout.cell, 13),
                   .fill = shade.text,
                   .anchor = Anchor::middle,
                   .bold = !cell.right()});
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
      drawing.add(Text{.at = {layout.left + middle + 4, layout.margins_bottom() + 8},
                       .text = names[k],
                       .size = size,
                       .anchor = Anchor::end,
                       .degrees = -90});
    else
      drawing.add(Text{.at = {layout.left + middle, layout.margins_bottom() + 18},
                       .text = names[k],
                       .size = size,
                       .anchor = Anchor::middle});
  }
  const double below = layout.margins_bottom() + (turned ? layout.label_width + 30 : 40);
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

/// In percent with one decimal; what is not quite all does not become it by rounding.
std::string percent_of(double share) {
  return share < 1 && share >= 0.9995 ? ">99.9" : fmt::format("{:.1f}", 100 * share);
}

/// With two decimals, as the accuracy is told elsewhere.
std::string accuracy_of(double share) {
  return share < 1 && share >= 0.99995 ? ">99.99" : fmt::format("{:.2f}", 100 * share);
}

/// What is right of each true class on the right, and of each predicted one below, in percent.
void add_margins(Drawing& drawing, const Layout& layout, std::span<const std::uint64_t> counts,
                 const std::vector<std::string>& names) {
  const std::vector<ClassScore> scores = class_scores(counts, layout.classes);
  const double right = layout.right() + margin_gap, bottom = layout.bottom() + margin_gap,
               width = layout.margin_width();
  const auto write = [&](Point at, std::string text, bool bold = false) -> Element& {
    const double size = fitting_size(text, std::min(layout.cell, width) - 2, label_size);
    return drawing.add(Text{.at = at, .text = std::move(text), .size = size, .anchor = Anchor::middle, .bold = bold});
  };
  std::uint64_t correct = 0, images = 0;
  for (std::size_t k = 0; k < layout.classes; ++k) {
    const ClassScore& score = scores[k];
    const double middle = layout.cell * (static_cast<double>(k) + 0.5);
    if (score.support > 0)
      write({right + width / 2, layout.top + middle + 4}, percent_of(score.recall())).hint =
          fmt::format("recall of {}: {:.4f}", names[k], score.recall());
    if (score.predicted > 0)
      write({layout.left + middle, bottom + 16}, percent_of(score.precision())).hint =
          fmt::format("precision of {}: {:.4f}", names[k], score.precision());
    correct += score.correct, images += score.support;
  }
  if (images > 0) {
    Element& all = write({right + width / 2, bottom + 16},
                         accuracy_of(static_cast<double>(correct) / static_cast<double>(images)), true);
    all.id = "accuracy";
    all.hint = fmt::format("accuracy: {} of {}", with_commas(correct), with_commas(images));
  }
  const Style frame{.stroke = Role::grid};
  drawing.add(
      Rectangle{.x = right, .y = layout.top, .width = width, .height = layout.bottom() - layout.top, .style = frame});
  drawing.add(Rectangle{
      .x = layout.left, .y = bottom, .width = layout.right() - layout.left, .height = margin_height, .style = frame});
  const auto label = [&](Point at, const char* text, Anchor anchor) {
    drawing.add(Text{.at = at, .text = text, .size = 11, .fill = Role::muted, .anchor = anchor});
  };
  label({right + width, layout.top - 8}, "recall, %", Anchor::end);
  label({layout.left - 6, bottom + 11}, "precision,", Anchor::end);
  label({layout.left - 6, bottom + 23}, "%", Anchor::end);
}

/// The colour scales on the right: of the right ones by the share of a class that is found, of the wrong ones by the
/// share of it that is taken for another.
void add_scales(Drawing& drawing, const Layout& layout) {
  constexpr double size = 20, row = 22;
  double y = layout.top + 8;
  const double left = layout.margins_right() + 28;
  const auto title = [&](const char* text) {
    drawing.add(Text{.at = {left, y}, .text = text, .size = label_size});
    y += 10;
  };
  const auto step = [&](const Shade& shade, Role role, const char* text) {
    drawing.add(
        Rectangle{.x = left, .y = y, .width = size, .height = size, .style = {.fill = role, .opacity = shade.opacity}});
    drawing.add(Text{.at = {left + size + 8, y + 14}, .text = text, .size = 11, .fill = Role::muted});
    y += row;
  };
  title("right, of the true class");
  for (const auto& [share, text] : {std::pair{0.999, "99.9 % and more"},
                                    {0.997, "99.7 %"},
                                    {0.99, "99 %"},
                                    {0.97, "97 %"},
                                    {0.9, "90 %"},
                                    {0.5, "50 %"}})
    step(shade_of_right(share), Role::right, text);
  y += 22;
  title("wrong, of the true class");
  for (const auto& [share, text] : {std::pair{0.1, "10 % and more"},
                                    {0.03, "3 %"},
                                    {0.01, "1 %"},
                                    {0.003, "0.3 %"},
                                    {0.001, "0.1 %"},
                                    {0.0001, "0.01 %"}})
    step(shade_of_wrong(share), Role::wrong, text);
}

void add_lines(Drawing& drawing, const Layout& layout) {
  const double right = layout.right(), bottom = layout.bottom();
  if (layout.has_counts())
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
  const double scale_width = layout.narrow ? 12 : 185;
  Drawing drawing{
      .name = "confusion",
      .title = "Confusion matrix",
      .description = "How many images of each true class were predicted as each class",
      .width = layout.margins_right() + scale_width,
      .height = layout.margins_bottom() + (layout.label_width > layout.cell - 4 ? layout.label_width + 46 : 56)};
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
  if (layout.has_counts()) add_margins(drawing, layout, counts, class_names);
  if (!layout.narrow) add_scales(drawing, layout);
  return drawing;
}

}  // namespace nib
