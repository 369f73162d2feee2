// A step whose loss or gradient is not finite changes nothing and is named.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>

#include "engines/engine_case.h"
#include "support/synthetic.h"

namespace nib {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float huge = 3e38f;

bool same_bits(const Parameters& a, const Parameters& b) {
  if (a.tensors.size() != b.tensors.size()) return false;
  for (std::size_t t = 0; t < a.tensors.size(); ++t) {
    const std::vector<float>&x = a.tensors[t].values, &y = b.tensors[t].values;
    if (x.size() != y.size() || std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) != 0) return false;
  }
  return true;
}

bool same_bits(const TrainingState& a, const TrainingState& b) {
  return a.step == b.step && same_bits(a.parameters, b.parameters) &&
         same_bits(a.moments[0].values, b.moments[0].values) && same_bits(a.moments[1].values, b.moments[1].values);
}

class EngineNonFinite : public EngineNetworkTest {
 protected:
  std::vector<float>& tensor(TrainingState& state, std::size_t from_the_end) const {
    auto& tensors = state.parameters.tensors;
    return tensors[tensors.size() - 1 - from_the_end].values;
  }

  void SetUp() override {
    EngineNetworkTest::SetUp();
    engine = make_engine(engine_case(), {.network = network(), .batch = 4, .seed = 8, .cpu = {.threads = 2}});
    if (engine) set.emplace(engine->upload(images(40)));
  }

  /// One for all steps of a test: a GPU's takes long to make. Null where the test is skipped.
  std::unique_ptr<Engine> engine;
  std::optional<ImageSet> set;

  /// Trains one step of `rows` and expects that it is refused.
  void expect_refused(const TrainingState& state, const std::vector<std::uint32_t>& rows) {
    engine->set_state(state);
    const TrainingState before = engine->state();
    ASSERT_TRUE(same_bits(before, state));
    bool reported = false;
    const TrainResult result = engine->train(*set, rows, std::vector<double>(1, 0.001), [&](auto) {
      reported = true;
      return Next::go_on;
    });
    EXPECT_EQ(result.nonfinite_step, state.step + 1);
    EXPECT_EQ(result.steps, 0u);
    EXPECT_EQ(result.rows, 0u);
    EXPECT_FALSE(result.stopped);
    EXPECT_FALSE(reported);
    EXPECT_TRUE(same_bits(engine->state(), before));
  }
};

TEST_P(EngineNonFinite, ParametersAreNoticedWhereverTheyAre) {
  const TrainingState state = uneven_state(network());
  for (std::size_t t = 0; t < state.parameters.tensors.size(); ++t) {
    for (const float value : {nan, infinity, -infinity}) {
      SCOPED_TRACE(state.parameters.tensors[t].name + " " + std::to_string(value));
      TrainingState poisoned = state;
      poisoned.parameters.tensors[t].values.back() = value;
      expect_refused(poisoned, {0, 1, 2, 3});
      expect_refused(poisoned, {10});  // a blank image: many of its products have a factor of zero
    }
  }
}

/// Weights before the last layer so small, and those of the last so large, that all logits are ordinary numbers; but
/// the gradient that the large weights carry back is not.
TEST_P(EngineNonFinite, GradientsInsideTheNetworkAreNoticed) {
  TrainingState state = uneven_state(network());
  for (float& weight : tensor(state, 3)) weight *= 1e-30f;
  for (float& bias : tensor(state, 2)) bias = 1e-31f;
  const std::uint32_t classes = class_count(network());
  const std::uint8_t label = images(40)->labels[3];
  const std::size_t inputs = tensor(state, 1).size() / classes;
  for (std::size_t i = 0; i < tensor(state, 1).size(); ++i) tensor(state, 1)[i] = i / inputs == label ? -huge : huge;
  for (float& bias : tensor(state, 0)) bias = 0.0f;

  engine->set_state(state);
  EXPECT_TRUE(std::isfinite(engine->evaluate(*set, {}, {}).loss_sum)) << "the loss alone would show it";
  expect_refused(state, {3});
}

/// The label's logit overflows to minus infinity: its probability is zero and all gradients are ordinary numbers, but
/// the loss is infinite.
TEST_P(EngineNonFinite, LossesAreNoticed) {
  TrainingState state = uneven_state(network());
  const std::uint8_t label = images(40)->labels[3];
  const std::size_t inputs = tensor(state, 1).size() / class_count(network());
  for (float& bias : tensor(state, 2)) bias = 4.0f;
  for (std::size_t i = 0; i < inputs; ++i) tensor(state, 1)[label * inputs + i] = -huge;
  expect_refused(state, {3});
}

TEST_P(EngineNonFinite, LogitsAreNoticed) {
  TrainingState state = uneven_state(network());
  for (float& weight : tensor(state, 1)) weight = huge;
  for (float& bias : tensor(state, 0)) bias = huge;
  for (float& bias : tensor(state, 2)) bias = 4.0f;
  expect_refused(state, {3});
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineNonFinite, every_engine_and_network(), engine_and_network_name);

/// Without a ReLU nothing can die, so an enormous step is felt by all that follows.
const Network undying{.input = {9, 9, 1},
                      .layers = {Flatten{}, Dense{.units = 20, .activation = Activation::none},
                                 Dense{.units = 4, .activation = Activation::softmax}}};

class EngineLearningRate : public EngineTest {
 protected:
  std::unique_ptr<Engine> engine = new_engine();

  std::unique_ptr<Engine> new_engine() const {
    return make_engine(engine_case(), {.network = undying, .batch = 4, .cpu = {.threads = 2}});
  }

  static TrainResult train(Engine& with, const std::vector<double>& learning_rates) {
    const ImageSet set = with.upload(synthetic::shared_digits(9, 9, 4, 20));
    const std::vector<std::uint32_t> order =
        synthetic::file_order(static_cast<std::uint32_t>(4 * learning_rates.size()));
    return with.train(set, order, learning_rates, [&](std::span<const StepResult> steps) {
      for (const StepResult& step : steps) EXPECT_TRUE(std::isfinite(step.loss));
      return Next::go_on;
    });
  }

  /// The state behind the first of these steps alone.
  TrainingState state_behind(std::vector<double> learning_rates, std::uint64_t steps) const {
    learning_rates.resize(steps);
    const auto other = new_engine();
    EXPECT_EQ(train(*other, learning_rates).steps, steps);
    return other->state();
  }
};

TEST_P(EngineLearningRate, ThatIsEnormousEndsTheRunInTheNextStep) {
  const std::vector<double> rates = {1e-3, 1e-3, 1e30, 1e-3, 1e-3};
  const TrainResult result = train(*engine, rates);
  EXPECT_EQ(result.nonfinite_step, 4u);
  EXPECT_EQ(result.steps, 3u);
  EXPECT_EQ(result.rows, 12u);
  EXPECT_EQ(engine->state().step, 3u);
  EXPECT_TRUE(all_finite(engine->state().parameters));
  EXPECT_TRUE(same_bits(engine->state(), state_behind(rates, 3)));
}

TEST_P(EngineLearningRate, ThatMakesParametersOverflowEndsTheRunToo) {
  const std::vector<double> rates = {1e-3, 1e60, 1e-3, 1e-3, 1e-3};
  const TrainResult result = train(*engine, rates);
  ASSERT_TRUE(result.nonfinite_step.has_value());
  EXPECT_LE(result.nonfinite_step.value_or(0), 3u);
  ASSERT_GE(result.steps, 1u);
  EXPECT_TRUE(same_bits(engine->state(), state_behind(rates, result.steps)));
}

/// Gradients near 1e24 are finite, but the second moment cannot hold their squares, and would poison the step after.
TEST_P(EngineLearningRate, IsNotAppliedToGradientsWhoseSquaresOverflow) {
  TrainingState state = engine->state();
  for (float& weight : state.parameters.tensors[0].values) weight *= 1e-25f;
  for (float& weight : state.parameters.tensors[2].values) weight *= 1e25f;
  engine->set_state(state);
  const TrainResult result = train(*engine, std::vector<double>(5, 1e-3));
  EXPECT_EQ(result.nonfinite_step, 1u);
  EXPECT_TRUE(same_bits(engine->state(), state));
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineLearningRate, every_engine(), case_name);

}  // namespace
}  // namespace nib
