#include "inference/classifier.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "inference/remembered_notes.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

const DeviceChoice cpu{.device = "cpu"};

class ClassifierTest : public testing::Test {
 protected:
  RememberedNotes notes;
  WeightsFile model = open_model({}, 7, notes);
  std::shared_ptr<const Dataset> images = synthetic::shared_digits(28, 28, 10, 20);

  Classifier classifier(std::uint32_t batch = 1) { return Classifier(model, cpu, batch, notes); }
  std::span<const std::uint8_t> pixels(std::size_t image) const { return {images->image(image), 28 * 28}; }
};

TEST_F(ClassifierTest, GivesEachImageTheProbabilitiesThatItHasAmongOthers) {
  Classifier one = classifier(), all = classifier(128);
  const std::optional<Evaluation> evaluation = all.evaluate(images);
  ASSERT_TRUE(evaluation);
  for (std::size_t image = 0; image < images->size(); ++image)
    EXPECT_THAT(one.probabilities(pixels(image)), ElementsAreArray(evaluation->predictions.of_image(image))) << image;
}

TEST_F(ClassifierTest, CountsWhatItEvaluates) {
  const std::optional<Evaluation> evaluation = classifier(8).evaluate(images);
  ASSERT_TRUE(evaluation);
  const TestResult& result = evaluation->result;
  EXPECT_EQ(result.images, 20u);
  EXPECT_EQ(result.accuracy, static_cast<double>(result.correct) / 20);
  std::uint64_t right = 0, all = 0;
  for (std::size_t place = 0; place < result.confusion.size(); ++place) {
    all += result.confusion[place];
    if (place % 11 == 0) right += result.confusion[place];  // the diagonal of ten classes
  }
  EXPECT_EQ(all, 20u);
  EXPECT_EQ(right, result.correct);
}

TEST_F(ClassifierTest, RefusesAnImageOfAnotherSize) {
  Classifier one = classifier();
  try {
    one.probabilities(pixels(0).first(100));
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_STREQ(error.what(), "not an image of the network's size (expected 784 pixels, got 100)");
  }
}

TEST_F(ClassifierTest, TellsOfWeightsThatOverflow) {
  for (Tensor& tensor : model.parameters.tensors) std::ranges::fill(tensor.values, std::numeric_limits<float>::max());
  Classifier one = classifier();
  try {
    one.probabilities(pixels(0));
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
  }
}

TEST_F(ClassifierTest, SaysNothingWhereNothingSurprises) {
  EXPECT_THAT(classifier().description(), StartsWith("cpu, "));
  EXPECT_THAT(notes.said, IsEmpty());
  EXPECT_THAT(notes.warned, IsEmpty());
}

TEST_F(ClassifierTest, WarnsOfWhatTheCpuDoesNotTake) {
  Classifier(model, {.device = "cpu", .kernels = "library", .stream = true, .fast = true}, 1, notes);
  EXPECT_THAT(notes.warned, SizeIs(3));
}

}  // namespace
}  // namespace nib
