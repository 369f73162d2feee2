#include "pictures/pictures.h"

#include <gmock/gmock.h>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "pictures/example.h"

namespace nib {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::size_t images_in(const Drawing& drawing) {
  return static_cast<std::size_t>(std::ranges::count_if(
      drawing.elements, [](const Element& element) { return std::holds_alternative<InkImage>(element.shape); }));
}

TEST(Samples, ShowTheLabelsOfTheChosenImages) {
  const ExampleRun run;
  const std::size_t indices[] = {7, 3};
  const Drawing drawing = samples_picture(run.images, indices);
  EXPECT_THAT(texts_of(drawing), ElementsAre("Label: 7", "Label: 3"));
  EXPECT_EQ(images_in(drawing), 2u);
  EXPECT_THAT(hints_of(drawing), ElementsAre("image 7", "image 3"));
}

TEST(Augmentation, ShowsTheFirstImagesOfFiveClassesAndWhatBecomesOfThem) {
  const ExampleRun run;
  const Augmentation augmentation{.shift = 2, .rotate = 10, .scale = 0.1};
  for (const Sheet sheet : {Sheet::wide, Sheet::narrow}) {
    const Drawing drawing = augmentation_picture(run.images, augmentation, 3, sheet);
    const std::size_t versions = sheet == Sheet::wide ? 7 : 4;
    EXPECT_EQ(images_in(drawing), 5 * (1 + versions));
    EXPECT_THAT(texts_of(drawing),
                ElementsAre("Original", (sheet == Sheet::wide ? std::string("As it is trained on: ") : std::string()) +
                                            "shift ±2 pixels, rotation ±10°, scale ±10 %"));
    std::size_t image = 0;
    for (const Element& element : drawing.elements)
      if (const auto* const shown = std::get_if<InkImage>(&element.shape)) {
        const std::size_t row = image / (1 + versions), step = image % (1 + versions);
        const std::uint8_t* const original = run.images.image(row);  // each of another class
        const ImageMap map = image_map(movement(augmentation, 3, step, static_cast<std::uint32_t>(row)), 28, 28);
        for (std::uint32_t i = 0; i < 784; ++i)
          ASSERT_EQ(shown->ink[i],
                    step == 0 ? original[i] : std::lround(255 * moved_pixel(map, original, 28, 28, i / 28, i % 28)));
        EXPECT_LE(shown->x + shown->width, drawing.width - 16);
        EXPECT_LE(shown->y + shown->height, drawing.height - 16 + 1e-9);
        ++image;
      }
  }
}

TEST(Augmentation, TellsHowEachImageWasMoved) {
  const ExampleRun run;
  const Movement moved = movement({.shift = 1}, 3, 1, 0);
  const std::vector<std::string> shifted = hints_of(augmentation_picture(run.images, {.shift = 1}, 3));
  EXPECT_EQ(shifted.at(0), "image 0");
  EXPECT_EQ(shifted.at(1),
            fmt::format("image 0: {:.1f} pixels {}, {:.1f} {}", std::abs(moved.right),
                        moved.right < 0 ? "left" : "right", std::abs(moved.down), moved.down < 0 ? "up" : "down"));
  EXPECT_THAT(hints_of(augmentation_picture(run.images, {.rotate = 5}, 3)).at(1),
              testing::MatchesRegex("image 0: [0-4]\\.[0-9]° (counter)?clockwise"));
  EXPECT_THAT(texts_of(augmentation_picture(run.images, {.shift = 1, .scale = 0.25}, 3)),
              Contains("As it is trained on: shift ±1 pixel, scale ±25 %"));
}

/// The images shown, by their hints, in order.
std::vector<std::string> images_of(const Drawing& drawing) {
  std::vector<std::string> images;
  for (const std::string& hint : hints_of(drawing))
    if (hint.starts_with("image ")) images.push_back(hint.substr(6));
  return images;
}

TEST(Predictions, ShowTheFirstImageOfEachClassAndTheLeastCertain) {
  const ExampleRun run;
  std::vector<std::string> expected;
  for (std::uint8_t label = 0; label < 10; ++label)
    expected.push_back(std::to_string(std::ranges::find(run.images.labels, label) - run.images.labels.begin()));
  std::vector<float> confidences;
  for (std::size_t image = 0; image < run.images.size(); ++image)
    confidences.push_back(run.predictions.confidence(image));
  for (int i = 0; i < 5; ++i) {
    const auto least = std::ranges::min_element(confidences);
    expected.push_back(std::to_string(least - confidences.begin()));
    *least = 2;
  }
  const Drawing drawing = predictions_picture(run.images, run.predictions);
  EXPECT_EQ(images_of(drawing), expected);
  EXPECT_THAT(texts_of(drawing), testing::IsSupersetOf({"One of each class", "Least certain"}));
}

TEST(Predictions, ShowTenOfManyClasses) {
  ExampleRun run;
  run.images.class_names.assign(250, "name");
  for (std::size_t image = 0; image < run.images.size(); ++image)
    run.images.labels[image] = static_cast<std::uint8_t>(image / 2);
  std::vector<float> probabilities(run.images.size() * 250, 0.001F);
  const Predictions predictions = make_predictions(run.images.labels, probabilities, 250);
  EXPECT_THAT(images_of(predictions_picture(run.images, predictions)),
              ElementsAre("0", "50", "100", "150", "200", "250", "300", "350", "400", "450", "0", "1", "2", "3", "4"));
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
  ASSERT_GE(red.size(), 4U);
  EXPECT_THAT(std::vector(red.begin(), red.begin() + 4),
              ElementsAre("Predicted: 7", "True: 3", "Predicted: 7", "True: 5"));
}

TEST(Predictions, ShowABarInATrackAsLongAsAWholeOne) {
  const ExampleRun run;
  std::vector<float> probabilities(run.predictions.probabilities.size(), 0.5F / 9);
  for (std::size_t image = 0; image < run.images.size(); ++image) probabilities[image * 10] = 0.5F;
  const Drawing drawing = predictions_picture(run.images, make_predictions(run.images.labels, probabilities, 10));
  std::vector<double> tracks, bars;
  for (const Element& element : drawing.elements)
    if (const auto* shape = std::get_if<Rectangle>(&element.shape)) {
      if (shape->style.fill == Role::grid) tracks.push_back(shape->width);
      if (shape->style.fill == Role::right || shape->style.fill == Role::wrong) bars.push_back(shape->width);
    }
  ASSERT_EQ(tracks.size(), bars.size());
  ASSERT_THAT(bars, SizeIs(15));
  for (std::size_t i = 0; i < bars.size(); ++i) EXPECT_DOUBLE_EQ(bars[i], tracks[i] / 2);
}

TEST(Predictions, NeverRoundAProbabilityToCertainty) {
  const ExampleRun run;
  std::vector<float> probabilities(run.predictions.probabilities.size(), 0.00001F);
  for (std::size_t image = 0; image < run.images.size(); ++image) probabilities[image * 10] = 0.99991F;
  const Predictions sure = make_predictions(run.images.labels, probabilities, 10);
  EXPECT_THAT(texts_of(predictions_picture(run.images, sure)), Contains(">99.9 %").Times(15));
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
  // Of class a 97 % are found, of b all but 1 in 1,000; of a one in 100 is taken for b, two for c.
  Predictions predictions{.classes = 3};
  const auto add = [&](std::uint8_t label, std::uint8_t predicted, std::size_t images) {
    predictions.labels.insert(predictions.labels.end(), images, label);
    predictions.predicted.insert(predictions.predicted.end(), images, predicted);
  };
  add(0, 0, 97), add(0, 1, 1), add(0, 2, 2), add(1, 1, 999), add(1, 0, 1);
  const Drawing drawing = confusion_picture(predictions, {"a", "b", "c"});
  const auto opacity = [&](const std::string& id) {
    return std::get<Rectangle>(element_of(drawing, id).shape).style.opacity;
  };
  EXPECT_GT(opacity("cell-1-1"), opacity("cell-0-0") + 0.5);
  EXPECT_GT(opacity("cell-0-2"), opacity("cell-0-1"));
  EXPECT_GT(opacity("cell-0-1"), opacity("cell-1-0"));
  EXPECT_GT(opacity("cell-1-0"), 0.1);  // one in a thousand is still seen
}

TEST(Confusion, LeavesZerosBlankAndHasRecallAndPrecisionInItsMargins) {
  // Of class a 3 of 4 are found, of b 1 of 1; b is right in 1 of 2. Class c never occurs.
  Predictions predictions{.classes = 3, .labels = {0, 0, 0, 0, 1}, .predicted = {0, 0, 0, 1, 1}};
  const Drawing drawing = confusion_picture(predictions, {"a", "b", "c"}, Sheet::narrow);
  EXPECT_THAT(texts_of(drawing), Not(Contains("0")));
  EXPECT_THAT(texts_of(drawing),
              ElementsAre("3", "1", "1", "a", "a", "b", "b", "c", "c", "Predicted class", "True class", "75.0", "100.0",
                          "100.0", "50.0", "80.00", "recall, %", "precision,", "%"));
  EXPECT_THAT(hints_of(drawing), testing::IsSupersetOf({"recall of a: 0.7500", "precision of a: 1.0000",
                                                        "precision of b: 0.5000", "accuracy: 4 of 5"}));
}

TEST(Confusion, NeverRoundsARecallToAll) {
  Predictions predictions{.classes = 2, .labels = std::vector<std::uint8_t>(3000), .predicted = {}};
  predictions.predicted = predictions.labels;
  predictions.predicted[0] = 1;
  EXPECT_THAT(texts_of(confusion_picture(predictions, {"a", "b"})), Contains(">99.9"));
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
  EXPECT_THAT(hints_of(drawing),
              testing::Contains(testing::MatchesRegex("0, precision: [01]\\.[0-9]{4} \\(95 %: 0\\.[0-9]{4} to .*\\)")));
}

TEST(PerClass, BeginsWithTheWorstClass) {
  // F1: a 6/7, b 2/3, c 1
  const Predictions predictions{.classes = 3, .labels = {0, 0, 0, 0, 1, 2}, .predicted = {0, 0, 0, 1, 1, 2}};
  std::vector<std::string> order;
  for (const std::string& text : texts_of(per_class_picture(predictions, {"a", "b", "c"})))
    if (text.size() == 1) order.push_back(text);
  EXPECT_THAT(order, ElementsAre("b", "a", "c"));
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
