#include "pictures/compare_curves.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "pictures/example.h"

namespace nib {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::SizeIs;

/// The histories of `count` runs, the first `validated` of them with validation.
std::vector<History> histories(std::size_t count, std::size_t validated) {
  std::vector<History> all(count, ExampleRun().history);
  for (std::size_t run = validated; run < count; ++run)
    for (EpochResult& epoch : all[run]) epoch.validation_loss.reset(), epoch.validation_accuracy.reset();
  return all;
}

Drawing picture_of(const std::vector<History>& histories) {
  std::vector<NamedHistory> runs;
  for (std::size_t i = 0; i < histories.size(); ++i) runs.push_back({"run" + std::to_string(i + 1), histories[i]});
  return compare_curves_picture(runs);
}

TEST(CompareCurves, ShowValidationWhereThereIsSome) {
  const Drawing drawing = picture_of(histories(2, 2));
  EXPECT_THAT(texts_of(drawing), IsSupersetOf({"run1", "run2", "Validation accuracy", "Validation loss"}));
  EXPECT_THAT(hints_of(drawing), Contains("run2, epoch 4: 0.0750"));
}

TEST(CompareCurves, ShowTrainingWhereNoRunHasValidation) {
  EXPECT_THAT(texts_of(picture_of(histories(2, 0))), IsSupersetOf({"run1", "run2", "Training accuracy"}));
}

TEST(CompareCurves, SayWhichRunHasNoValidation) {
  EXPECT_THAT(texts_of(picture_of(histories(2, 1))), IsSupersetOf({"run1", "run2 (training)", "Validation loss"}));
}

TEST(CompareCurves, TellEightRunsApartByDashesAndMarkersWithoutColour) {
  const Drawing drawing = picture_of(histories(8, 8));
  std::set<std::pair<Role, Dash>> lines;
  std::set<std::tuple<std::size_t, std::size_t, bool>> markers;
  for (int run = 1; run <= 8; ++run) {
    const Style& style = std::get<Path>(element_of(drawing, "loss-series" + std::to_string(run)).shape).style;
    lines.emplace(style.stroke, style.dash);
    const std::string hint = "run" + std::to_string(run) + ", epoch 4: 0.0750";
    const auto marker = std::ranges::find(drawing.elements, hint, &Element::hint);
    ASSERT_NE(marker, drawing.elements.end());
    const auto* path = std::get_if<Path>(&marker->shape);
    const Style& look = std::visit(
        [](const auto& shape) -> const Style& {
          static const Style none;
          if constexpr (requires { shape.style; })
            return shape.style;
          else
            return none;
        },
        marker->shape);
    markers.emplace(marker->shape.index(), path ? path->points.size() : 0, look.fill == Role::paper);
  }
  EXPECT_THAT(lines, SizeIs(8));
  EXPECT_THAT(markers, SizeIs(8));
}

TEST(CompareCurves, HaveATitleLine) {
  const History history = ExampleRun().history;
  const NamedHistory runs[] = {{"one", history}, {"two", history}};
  EXPECT_THAT(texts_of(compare_curves_picture(runs, {"MNIST", "digits network"})),
              IsSupersetOf({"Validation accuracy and loss of 2 runs", "MNIST · digits network"}));
}

TEST(CompareCurves, HaveASheetAsHighAsTheLegendAsksFor) {
  EXPECT_GT(picture_of(histories(8, 4)).height, picture_of(histories(2, 2)).height);
}

}  // namespace
}  // namespace nib
