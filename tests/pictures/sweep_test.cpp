#include "pictures/sweep.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "drawing/svg.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<SettingRow> rows_of(std::size_t settings, const std::vector<double>& values) {
  std::vector<SettingRow> rows;
  for (std::size_t i = 0; i < settings; ++i)
    rows.push_back({.label = "batch " + std::to_string(i), .values = values, .sample = describe_sample(values)});
  rows.front().chosen = true;
  return rows;
}

std::size_t circles(const Drawing& drawing) {
  return static_cast<std::size_t>(std::ranges::count_if(
      drawing.elements, [](const Element& element) { return std::holds_alternative<Circle>(element.shape); }));
}

/// Everything lies on the sheet, whatever the figures are.
void expect_on_sheet(const Drawing& drawing) {
  for (const Element& element : drawing.elements)
    if (const auto* const circle = std::get_if<Circle>(&element.shape)) {
      EXPECT_GE(circle->centre.x, circle->radius);
      EXPECT_LE(circle->centre.x, drawing.width - circle->radius);
      EXPECT_GE(circle->centre.y, circle->radius);
      EXPECT_LE(circle->centre.y, drawing.height - circle->radius);
    } else if (const auto* const path = std::get_if<Path>(&element.shape)) {
      for (const Point& point : path->points) {
        EXPECT_GE(point.x, 0);
        EXPECT_LE(point.x, drawing.width);
      }
    }
}

TEST(SweepPicture, HasADotForEachRunAndOneForTheirMean) {
  for (const Sheet sheet : {Sheet::wide, Sheet::narrow}) {
    const Drawing drawing = sweep_picture(rows_of(3, {0.91, 0.95, 0.97}), "validation accuracy", sheet);
    EXPECT_EQ(circles(drawing), 3U * (3 + 1));
    EXPECT_EQ(drawing.title, "Validation accuracy of 3 settings");
    const std::string svg = to_svg(drawing);
    EXPECT_THAT(svg, HasSubstr("batch 2"));
    EXPECT_THAT(svg, HasSubstr("batch 1: 0.9433, 3 runs (95 %: 0.8674 to 1.0192)"));
    expect_on_sheet(drawing);
  }
}

TEST(SweepPicture, OfOneSeedHasNoInterval) {
  const std::string svg = to_svg(sweep_picture(rows_of(1, {0.98}), "validation accuracy"));
  EXPECT_THAT(svg, HasSubstr("batch 0: 0.9800, 1 run"));
  EXPECT_THAT(svg, Not(HasSubstr("(95 %")));
}

TEST(SweepPicture, TakesAnyFigures) {
  for (const std::vector<double>& values : {std::vector<double>{0, 1}, {1, 1, 1}, {0, 0}, {0.1, 0.999999}})
    expect_on_sheet(sweep_picture(rows_of(2, values), "validation accuracy"));
  std::vector<SettingRow> rows = rows_of(2, {0.5, 0.6});
  rows[1].values.clear();
  rows[1].sample.reset();
  EXPECT_EQ(circles(sweep_picture(rows, "validation accuracy")), 3U)
      << "a setting without runs has its row all the same";
}

TEST(SweepPicture, ShowsTheFirstFortyAndSaysSo) {
  const Drawing drawing = sweep_picture(rows_of(100, {0.9, 0.95}), "validation accuracy");
  EXPECT_EQ(drawing.title, "Validation accuracy of the best 40 of 100 settings");
  EXPECT_EQ(circles(drawing), 40U * 3);
}

}  // namespace
}  // namespace nib
