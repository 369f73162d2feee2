#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "pictures/example.h"
#include "pictures/pictures.h"

namespace nib {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const Path& path_of(const Drawing& drawing, const std::string& id) {
  return std::get<Path>(element_of(drawing, id).shape);
}

std::optional<std::uint32_t> best_of(const ExampleRun& run) {
  return best_epoch(run.history, usual_monitor(run.history));
}

TEST(Curves, MarkTheEpochWithTheLowestValidationLoss) {
  const ExampleRun run;
  EXPECT_EQ(best_of(run), 4u);
  EXPECT_THAT(texts_of(curves_picture(run.history, best_of(run))), Contains("best: epoch 4").Times(2));
}

TEST(Curves, MarkTheLowestLossWithoutValidation) {
  ExampleRun run;
  for (EpochResult& result : run.history) result.validation_loss.reset(), result.validation_accuracy.reset();
  EXPECT_EQ(best_of(run), 5u);
  EXPECT_THAT(texts_of(curves_picture(run.history, best_of(run))), Not(Contains("validation")));
}

TEST(Curves, GoUpWithAccuracyAndDownWithLoss) {
  const ExampleRun run;
  const Drawing drawing = curves_picture(run.history, best_of(run));
  const auto is_higher = [](const Point& one, const Point& other) { return one.y > other.y; };
  EXPECT_TRUE(std::ranges::is_sorted(path_of(drawing, "accuracy-series1").points, is_higher));
  EXPECT_FALSE(std::ranges::is_sorted(path_of(drawing, "loss-series1").points, is_higher));
  EXPECT_THAT(path_of(drawing, "accuracy-series1").points, SizeIs(5));
  EXPECT_THAT(hints_of(drawing), Contains("validation, epoch 4: 0.0750"));
}

TEST(Curves, LeaveOutFiguresThatAreNotFinite) {
  ExampleRun run;
  run.history[4].loss = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(path_of(curves_picture(run.history, best_of(run)), "loss-series1").points, SizeIs(4));
}

/// A curve of two steps an epoch of 5 epochs, whose loss is that of the epoch times `factor` in its first step.
StepCurve two_steps_an_epoch(const History& history, double factor) {
  StepCurve curve;
  for (const EpochResult& epoch : history)
    for (const double loss : {factor * epoch.loss, epoch.loss})
      curve.add({.step = curve.steps + 1, .rows = 10, .correct = 9, .loss = 10 * loss});
  return curve;
}

TEST(Curves, HaveTheStepsFaintlyBehindThem) {
  const ExampleRun run;
  const StepCurve steps = two_steps_an_epoch(run.history, 1);
  const Drawing drawing = curves_picture(run.history, best_of(run), &steps);
  const Path& line = path_of(drawing, "loss-steps");
  EXPECT_THAT(line.points, SizeIs(10));
  EXPECT_LT(line.style.opacity, 0.5);
  EXPECT_THAT(texts_of(drawing), Contains("each batch").Times(2));
  // The mean of an epoch stands at its end, its steps before that, at the same heights.
  const Path& epochs = path_of(drawing, "loss-series1");
  for (std::size_t epoch = 0; epoch < 5; ++epoch) {
    EXPECT_LT(line.points[2 * epoch].x, line.points[2 * epoch + 1].x);
    EXPECT_LT(line.points[2 * epoch + 1].x, epochs.points[epoch].x);
    EXPECT_NEAR(line.points[2 * epoch].y, epochs.points[epoch].y, 1e-9);
  }
}

TEST(Curves, EndTheLineOfStepsWhereItLeavesTheAxis) {
  const ExampleRun run;
  const StepCurve steps = two_steps_an_epoch(run.history, 1000);
  const Drawing plain = curves_picture(run.history, best_of(run));
  const Drawing drawing = curves_picture(run.history, best_of(run), &steps);
  EXPECT_EQ(path_of(drawing, "loss-series1").points[0].y, path_of(plain, "loss-series1").points[0].y);
  double top = drawing.height;
  for (const Element& element : drawing.elements)
    if (const auto* path = std::get_if<Path>(&element.shape))
      for (const Point& point : path->points) top = std::min(top, point.y);
  EXPECT_GE(top, 20);
  EXPECT_LE(path_of(drawing, "loss-steps").points.size(), 3U);
}

TEST(Curves, LeaveOutStepsThatAreNotOfTheseEpochs) {
  const ExampleRun run;
  StepCurve steps = two_steps_an_epoch(run.history, 1);
  steps.add({.step = 11, .rows = 10, .correct = 9, .loss = 1});
  EXPECT_THROW(element_of(curves_picture(run.history, best_of(run), &steps), "loss-steps"), std::out_of_range);
}

TEST(Curves, TellTheLastFigureOfEachLine) {
  const ExampleRun run;
  EXPECT_THAT(texts_of(curves_picture(run.history, best_of(run))),
              testing::IsSupersetOf({"0.9850", "0.9727", "0.0450", "0.0820"}));
}

TEST(Curves, WriteTheBestEpochAboveThePlot) {
  const ExampleRun run;
  const Drawing drawing = curves_picture(run.history, best_of(run));
  double top = drawing.height;
  for (const char* series : {"loss-series1", "loss-series2"})
    for (const Point& point : path_of(drawing, series).points) top = std::min(top, point.y);
  EXPECT_LT(std::get<Text>(element_of(drawing, "loss-best").shape).at.y, top);
}

TEST(Curves, KeepLabelsOfEqualFiguresApart) {
  ExampleRun run;
  run.history.back().validation_loss = run.history.back().loss;
  std::vector<double> heights;
  for (const Element& element : curves_picture(run.history, best_of(run)).elements)
    if (const Text* text = std::get_if<Text>(&element.shape); text && text->text == "0.0450")
      heights.push_back(text->at.y);
  ASSERT_THAT(heights, SizeIs(2));
  EXPECT_GE(std::abs(heights[0] - heights[1]), 11);
}

/// Whether all lines end within the sheet.
bool is_within(const Drawing& drawing) {
  const auto fits = [&](const Point& point) {
    return point.x >= 0 && point.x <= drawing.width && point.y >= 0 && point.y <= drawing.height;  // NaN is nowhere
  };
  return std::ranges::all_of(drawing.elements, [&](const Element& element) {
    const auto* path = std::get_if<Path>(&element.shape);
    return !path || std::ranges::all_of(path->points, fits);
  });
}

TEST(Curves, ShowFiguresOfAnySize) {
  constexpr double greatest = std::numeric_limits<double>::max();
  const std::pair<double, double> losses[] = {{1e17, 1e17 + 16}, {1e17, 1e17},     {0, 1e300}, {greatest, -greatest},
                                              {-5, -3},          {1e-300, 2e-300}, {0, 0}};
  for (const auto& [first, second] : losses) {
    ExampleRun run;
    run.history.resize(2);
    run.history[0].loss = first, run.history[1].loss = second;
    run.history[0].validation_loss = second, run.history[1].validation_loss = first;
    const Drawing drawing = curves_picture(run.history, best_of(run));
    EXPECT_TRUE(is_within(drawing) || first < 0) << first << ' ' << second;
    EXPECT_LT(drawing.elements.size(), 80U);
  }
}

TEST(Curves, LeaveRoomForTheLabelsOfLargeFigures) {
  ExampleRun run;
  for (EpochResult& epoch : run.history) epoch.loss *= 1e17;
  const Drawing drawing = curves_picture(run.history, best_of(run));
  EXPECT_THAT(texts_of(drawing), Contains("1e+16"));
}

TEST(Curves, ShowNoMarkersWhereTheyWouldHideTheLine) {
  ExampleRun run;
  for (std::uint32_t epoch = 6; epoch <= 300; ++epoch) {
    run.history.push_back(run.history.back());
    run.history.back().epoch = epoch;
  }
  EXPECT_THAT(hints_of(curves_picture(run.history, best_of(run))), IsEmpty());
}

}  // namespace
}  // namespace nib
