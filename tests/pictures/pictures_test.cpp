#include "pictures/pictures.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "pictures/example.h"

namespace nib {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::size_t images_in(const Drawing& drawing) {
  return static_cast<std::size_t>(std::ranges::count_if(
      drawing.elements, [](const Element& element) { return std::holds_alternative<InkImage>(element.shape); }));
}

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
  EXPECT_THAT(texts_of(drawing), Contains("2e+16"));
}

TEST(Curves, ShowNoMarkersWhereTheyWouldHideTheLine) {
  ExampleRun run;
  for (std::uint32_t epoch = 6; epoch <= 300; ++epoch) {
    run.history.push_back(run.history.back());
    run.history.back().epoch = epoch;
  }
  EXPECT_THAT(hints_of(curves_picture(run.history, best_of(run))), IsEmpty());
}

TEST(Samples, ShowTheLabelsOfTheChosenImages) {
  const ExampleRun run;
  const std::size_t indices[] = {7, 3};
  const Drawing drawing = samples_picture(run.images, indices);
  EXPECT_THAT(texts_of(drawing), ElementsAre("Label: 7", "Label: 3"));
  EXPECT_EQ(images_in(drawing), 2u);
  EXPECT_THAT(hints_of(drawing), ElementsAre("image 7", "image 3"));
}

TEST(Predictions, SetOffWhatIsWrong) {
  const ExampleRun run;
  const Drawing drawing = predictions_picture(run.images, run.predictions);
  std::vector<std::string> red;
  for (const Element& element : drawing.elements)
    if (const Text* text = std::get_if<Text>(&element.shape); text && text->fill == Role::wrong) {
      EXPECT_TRUE(text->bold);
      red.push_back(text->text);
    }
  EXPECT_THAT(red, ElementsAre("Predicted: 7 | True: 3", "Predicted: 7 | True: 5"));
}

TEST(Predictions, NeverRoundAProbabilityToCertainty) {
  const ExampleRun run;
  std::vector<float> probabilities(run.predictions.probabilities.size(), 0.00001F);
  for (std::size_t image = 0; image < run.images.size(); ++image) probabilities[image * 10] = 0.99991F;
  const Predictions sure = make_predictions(run.images.labels, probabilities, 10);
  EXPECT_THAT(texts_of(predictions_picture(run.images, sure)), Contains(">99.9 %").Times(9));
  EXPECT_THAT(texts_of(mistakes_picture(run.images, sure)), Contains("True: 1 (<0.1 %)"));
}

TEST(Confusion, ShowsEveryCountWithItsShare) {
  const ExampleRun run;
  const Drawing drawing = confusion_picture(run.predictions, run.images.class_names);
  const std::vector<std::uint64_t> counts = confusion_matrix(run.predictions);
  for (std::size_t label = 0; label < 10; ++label)
    for (std::size_t predicted = 0; predicted < 10; ++predicted)
      if (const std::uint64_t count = counts[label * 10 + predicted]; count > 0) {
        const Element& cell = element_of(drawing, "cell-" + std::to_string(label) + "-" + std::to_string(predicted));
        EXPECT_THAT(cell.hint, HasSubstr(std::to_string(count) + " of 50 ("));
        EXPECT_EQ(std::get<Rectangle>(cell.shape).style.fill, label == predicted ? Role::right : Role::wrong);
      }
}

TEST(Confusion, ColoursLargerSharesMoreStrongly) {
  const ExampleRun run;
  const Drawing drawing = confusion_picture(run.predictions, run.images.class_names);
  const auto opacity = [&](const std::string& id) {
    return std::get<Rectangle>(element_of(drawing, id).shape).style.opacity;
  };
  const std::vector<std::uint64_t> counts = confusion_matrix(run.predictions);
  ASSERT_GT(counts[3 * 10 + 3], counts[3 * 10 + 7]);
  ASSERT_GT(counts[3 * 10 + 7], 0u);
  EXPECT_GT(opacity("cell-3-3"), opacity("cell-3-7"));
  EXPECT_GT(opacity("cell-3-7"), 0.4);  // one in fifty is still seen
}

TEST(Confusion, LeavesNumbersOutWhereTheyHaveNoRoom) {
  Predictions predictions{.classes = 100};
  std::vector<std::string> names;
  for (std::uint8_t k = 0; k < 100; ++k) {
    predictions.labels.push_back(k);
    predictions.predicted.push_back(k);
    names.push_back(std::to_string(k));
  }
  const Drawing drawing = confusion_picture(predictions, names);
  EXPECT_LT(drawing.width, 760);
  EXPECT_LT(texts_of(drawing).size(), 100u);
}

TEST(Mistakes, ComeWithTheMostConfidentFirst) {
  const ExampleRun run;
  const Drawing drawing = mistakes_picture(run.images, run.predictions);
  EXPECT_EQ(images_in(drawing), 12u);
  const std::vector<std::string> texts = texts_of(drawing);
  EXPECT_THAT(texts[1], HasSubstr("Predicted: "));
  EXPECT_THAT(texts[2], HasSubstr("True: "));
}

TEST(Mistakes, SayWhenThereAreNone) {
  const ExampleRun run;
  Predictions right = run.predictions;
  right.predicted = right.labels;
  EXPECT_THAT(texts_of(mistakes_picture(run.images, right)),
              ElementsAre("Every test image was predicted as labelled."));
}

TEST(PerClass, GivesScoresWithTheirIntervals) {
  const ExampleRun run;
  const Drawing drawing = per_class_picture(run.predictions, run.images.class_names);
  EXPECT_THAT(hints_of(drawing), SizeIs(20));
  EXPECT_THAT(hints_of(drawing)[0],
              testing::MatchesRegex("0, precision: [01]\\.[0-9]{4} \\(95 %: 0\\.[0-9]{4} to .*\\)"));
}

TEST(PerClass, TakesClassesThatNeverOccur) {
  const Predictions predictions = make_predictions({0, 0}, {0.9F, 0.1F, 0.8F, 0.2F}, 2);
  EXPECT_THAT(hints_of(per_class_picture(predictions, {"a", "b"})),
              Contains("b, recall: 0.0000 (95 %: 0.0000 to 1.0000)"));
}

TEST(CalibrationPicture, TellsTheExpectedError) {
  const Predictions predictions = make_predictions({0, 1}, {0.75F, 0.25F, 0.75F, 0.25F}, 2);
  const Drawing drawing = calibration_picture(predictions);
  EXPECT_EQ(std::get<Text>(element_of(drawing, "error").shape).text, "expected calibration error 0.2500");
  EXPECT_THAT(hints_of(drawing), Contains("confidence 0.750, accuracy 0.500: 2 images"));
}

TEST(Kernels, ShowAtMost64FiltersWithTheirSigns) {
  Tensor kernel{"conv1.weight", {100, 1, 2, 2}, std::vector<float>(400, -0.5F)};
  kernel.values[0] = 1;
  const Drawing drawing = kernels_picture(kernel);
  EXPECT_THAT(hints_of(drawing), SizeIs(64 * 4));
  EXPECT_EQ(hints_of(drawing)[0], "filter 1, row 1, column 1: 1.0000");
  const auto minus_signs = std::ranges::count_if(
      drawing.elements, [](const Element& element) { return std::holds_alternative<Path>(element.shape); });
  EXPECT_EQ(minus_signs, 64 * 4 - 1 + 4);  // four in the scale
}

TEST(Kernels, TakeAKernelOfZeros) {
  EXPECT_THAT(hints_of(kernels_picture({"conv1.weight", {1, 1, 3, 3}, std::vector<float>(9)})), SizeIs(9));
}

}  // namespace
}  // namespace nib
