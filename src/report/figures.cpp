#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "report/html_table.h"
#include "report/sections.h"

namespace nib {
namespace {

constexpr std::array<std::string_view, 9> placed = {"curves",   "samples",   "augmentation", "predictions", "confusion",
                                                    "mistakes", "per-class", "calibration",  "kernels"};

}  // namespace

Html figure(const ReportFigure& figure) {
  if (figure.svg.empty())
    return html_element("figure", {{"id", "figure-" + figure.name}},
                        html_element("p", {{"class", "missing"}},
                                     html_element("strong", figure.title) + html_text(": this picture is missing.")));
  const Html picture =
      scroll_box(figure.title, wide_or_narrow(Html::trusted(figure.svg), Html::trusted(figure.narrow_svg)));
  return html_element("figure", {{"id", "figure-" + figure.name}},
                      picture + html_element("figcaption", figure.caption));
}

Html figure_named(const ReportContent& content, const std::string& name) {
  const auto found = std::ranges::find(content.figures, name, &ReportFigure::name);
  return found == content.figures.end() ? Html() : figure(*found);
}

Html further_figures(const ReportContent& content) {
  Html result;
  for (const ReportFigure& each : content.figures)
    if (std::ranges::find(placed, each.name) == placed.end()) result += figure(each);
  return result;
}

Html missing_figures(const ReportContent& content) {
  std::vector<std::string> names;
  for (const ReportFigure& each : content.figures)
    if (each.svg.empty()) names.push_back(each.name);
  if (names.empty()) return {};
  return html_element("p", {{"class", "notice"}}, html_text("Pictures missing: " + join_words(names) + "."));
}

}  // namespace nib
