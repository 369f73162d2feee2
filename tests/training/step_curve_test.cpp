#include "training/step_curve.h"

#include <gmock/gmock.h>

#include "base/error.h"

namespace nib {
namespace {

using testing::HasSubstr;

/// The curve of so many steps of two images each, of which step i has i % 3 right and a loss of i (from 1).
StepCurve curve_of(std::uint64_t steps) {
  StepCurve curve;
  for (std::uint64_t i = 1; i <= steps; ++i)
    curve.add({.step = i, .rows = 2, .correct = static_cast<std::uint32_t>(i % 3), .loss = static_cast<double>(i)});
  return curve;
}

/// What `step_curve` makes of a text.
StepCurve read(const std::string& text) {
  static const std::string source = "run.json";
  const Json document = parse_json(text, source, 3);
  return step_curve(JsonReader(document, source, "step_curve"));
}

TEST(StepCurve, HasAPartAStepOfAShortRun) {
  const StepCurve curve = curve_of(3);
  EXPECT_EQ(curve.width, 1U);
  EXPECT_THAT(curve.parts,
              testing::ElementsAre(StepCurve::Part{2, 1, 1}, StepCurve::Part{2, 2, 2}, StepCurve::Part{2, 0, 3}));
}

TEST(StepCurve, NeverHasMoreThanSoManyPartsAndLosesNothing) {
  for (const std::uint64_t steps : {200U, 201U, 399U, 400U, 401U, 2110U, 10'000U}) {
    const StepCurve curve = curve_of(steps);
    EXPECT_LE(curve.parts.size(), StepCurve::most_parts);
    EXPECT_GT(curve.parts.size(), StepCurve::most_parts / 2 - (steps == 200 ? 100 : 0));
    EXPECT_EQ(curve.parts.size(), (steps + curve.width - 1) / curve.width);
    StepCurve::Part all;
    for (const StepCurve::Part& part : curve.parts) {
      all.images += part.images;
      all.correct += part.correct;
      all.loss_sum += part.loss_sum;
    }
    EXPECT_EQ(all.images, 2 * steps);
    EXPECT_EQ(all.correct, steps / 3 * 3 + (steps % 3 == 0 ? 0 : steps % 3 == 1 ? 1 : 3));
    EXPECT_DOUBLE_EQ(all.loss_sum, static_cast<double>(steps * (steps + 1) / 2));
  }
}

TEST(StepCurve, HasSumsOfNeighbouringStepsInEachPart) {
  const StepCurve curve = curve_of(401);
  ASSERT_EQ(curve.width, 4U);
  EXPECT_DOUBLE_EQ(curve.parts[1].loss_sum, 5 + 6 + 7 + 8);
  EXPECT_EQ(curve.parts.back(), (StepCurve::Part{2, 2, 401}));
}

TEST(StepCurve, IsTheSameForARunThatStoppedAnywhere) {
  for (const std::uint64_t stop : {0U, 1U, 199U, 200U, 333U}) {
    StepCurve curve = read(json_line(to_json(curve_of(stop))));
    for (std::uint64_t i = stop + 1; i <= 500; ++i)
      curve.add({.step = i, .rows = 2, .correct = static_cast<std::uint32_t>(i % 3), .loss = static_cast<double>(i)});
    EXPECT_EQ(curve, curve_of(500)) << stop;
  }
}

TEST(StepCurve, RefusesWhatIsNoCurve) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"steps": 1, "width": 0, "images": [1], "correct": [0], "loss_sum": [1]})", "step_curve.width"},
      {R"({"steps": 201, "width": 1, "images": [], "correct": [], "loss_sum": []})", "step_curve.steps"},
      {R"({"steps": 3, "width": 2, "images": [1], "correct": [0, 0], "loss_sum": [1, 1]})", "step_curve.images"},
      {R"({"steps": 1, "width": 1, "images": [1], "correct": [2], "loss_sum": [1]})", "step_curve.correct[0]"},
      {R"({"steps": 1, "width": 1, "images": [1], "correct": [0], "loss_sum": [null]})", "step_curve.loss_sum[0]"},
      {R"({"steps": 18446744073709551615, "width": 1, "images": [], "correct": [], "loss_sum": []})",
       "step_curve.steps"}};
  for (const auto& [text, field] : cases) try {
      read(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input);
      EXPECT_THAT(error.what(), HasSubstr(field));
    }
}

/// Of a record that nobody wrote in earnest: 200 parts of that width wrap round to 184 steps.
TEST(StepCurve, GoesOnFromAnyWidth) {
  StepCurve curve{.width = 92'233'720'368'547'759U, .steps = 184, .parts = {{184, 90, 1.0}}};
  curve.add({.rows = 1, .correct = 1, .loss = 0.5});
  EXPECT_EQ(curve.steps, 185U);
  ASSERT_EQ(curve.parts.size(), 1U);
  EXPECT_EQ(curve.parts[0].images, 185U);
}

}  // namespace
}  // namespace nib
