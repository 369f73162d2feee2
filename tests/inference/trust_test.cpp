// What a score says beside a network's answers, and that asking for both at once changes neither.

#include "inference/trust.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>

#include "inference/remembered_notes.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using testing::ElementsAreArray;

/// A judge of weights that follow a rule, for it to say different things of different images.
Judge some_judge(const Network& network) {
  Judge judge{.input = {.units = static_cast<std::uint32_t>(*cpu::unit_count(network)),
                        .maps = static_cast<std::uint32_t>(cpu::map_number_count(network))},
              .hidden = 2,
              .first_scale = 0.002F,
              .second_scale = 0.01F};
  const std::size_t first = 2 * judge.input.size() + 2, second = 2 * shown_kinds + shown_kinds;
  for (std::size_t i = 0; i < first; ++i) judge.first.push_back(static_cast<std::int8_t>(i * 37 % 41 - 20));
  for (std::size_t i = 0; i < second; ++i) judge.second.push_back(static_cast<std::int8_t>(i * 29 % 61 - 30));
  return judge;
}

class TrustTest : public testing::Test {
 protected:
  TrustTest() { model.score = score_text({.temperature = 1.25, .judge = some_judge(model.network), .most_none = 0.5}); }
  RememberedNotes notes;
  WeightsFile model = open_model({}, 7, notes);
  std::shared_ptr<const Dataset> images = synthetic::shared_digits(28, 28, 10, 200);
};

TEST_F(TrustTest, TestsAndJudgesAtOnceAsOneAfterTheOther) {
  Classifier classifier(model, {.device = "cpu", .threads = 2}, 128, notes);
  const Trust trust(classifier, 2);
  ASSERT_TRUE(trust.can_test());
  const std::optional<Evaluation> alone = classifier.evaluate(images);
  std::vector<std::uint8_t> inputs;
  const std::optional<Evaluation> both = trust.test(*images, inputs);
  ASSERT_TRUE(alone && both);
  EXPECT_EQ(both->result.correct, alone->result.correct);
  EXPECT_EQ(both->result.loss, alone->result.loss);
  EXPECT_EQ(both->result.confusion, alone->result.confusion);
  EXPECT_EQ(both->predictions.probabilities, alone->predictions.probabilities);
  EXPECT_EQ(both->predictions.predicted, alone->predictions.predicted);
  const Coverage at_once = trust.coverage_on(*images, both->predictions, inputs),
                 after = trust.coverage_on(*images, alone->predictions);
  EXPECT_EQ(at_once.accepted, after.accepted);
  EXPECT_EQ(at_once.flagged_mistakes, after.flagged_mistakes);
  EXPECT_EQ(at_once.calibration_error, after.calibration_error);
}

TEST_F(TrustTest, AnswersForOneImageAmongSeveralAsForItAlone) {
  Classifier classifier(model, {.device = "cpu"}, 1, notes);
  const Trust trust(classifier);
  constexpr std::size_t size = 28 * 28;
  const std::span<const std::uint8_t> first(images->image(3), size), three(images->image(3), 3 * size);
  const Trust::Answer one = trust.answer(first), all = trust.answer(three);
  ASSERT_TRUE(one.verdict && all.verdict);
  EXPECT_EQ(one.verdict->probability, all.verdict->probability);
  EXPECT_EQ(one.verdict->no_digit, all.verdict->no_digit);
  ASSERT_EQ(all.probabilities.size(), 30U);
  EXPECT_THAT(one.probabilities, ElementsAreArray(all.probabilities.begin(), all.probabilities.begin() + 10));
}

}  // namespace
}  // namespace nib
