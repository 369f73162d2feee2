// Every optimizer on every engine: its first steps against the reference in double and against real Keras, the same
// bits for any number of threads and any instruction set, and behind any stop.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engines/engine_case.h"
#include "engines/mnist.h"
#include "formats/weights.h"
#include "parity/gates.h"
#include "support/recorded_optimizers.h"
#include "support/reference_engine.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using golden::RecordedOptimizer;

const std::vector<RecordedOptimizer>& cases() { return golden::recorded_optimizers().cases; }

/// An engine and one of the recorded optimizers, by its index: the names of tests must not need the recording's text.
using EngineAndOptimizer = std::tuple<EngineCase, std::size_t>;

std::string engine_and_optimizer(const testing::TestParamInfo<EngineAndOptimizer>& info) {
  return std::get<0>(info.param).name + "_" + cases().at(std::get<1>(info.param)).name;
}

class EngineOptimizer : public testing::TestWithParam<EngineAndOptimizer> {
 protected:
  void SetUp() override {
    if (const auto reason = unavailable(engine_case())) GTEST_SKIP() << *reason;
  }
  const EngineCase& engine_case() const { return std::get<0>(GetParam()); }
  const RecordedOptimizer& recorded() const { return cases().at(std::get<1>(GetParam())); }
  const Optimizer& optimizer() const { return recorded().optimizer; }
};

TEST_P(EngineOptimizer, TakesTheStepsOfKeras) {
  const golden::RecordedOptimizers& all = golden::recorded_optimizers();
  const std::size_t steps = std::min<std::size_t>(recorded().losses.size(), engine_case().keras_steps);
  const auto engine =
      make_engine(engine_case(), {.network = all.network, .optimizer = optimizer(), .batch = all.batch});
  engine->set_state(first_state(all.network, all.initial, optimizer()));
  const ImageSet images = engine->upload(mnist().training);
  std::vector<double> losses;
  engine->train(images, std::span(all.order).first(steps * all.batch),
                std::span(recorded().learning_rates).first(steps), [&](std::span<const StepResult> finished) {
                  for (const StepResult& step : finished) losses.push_back(step.loss / step.rows);
                  return Next::go_on;
                });
  ASSERT_EQ(losses.size(), steps);
  for (std::size_t i = 0; i < steps; ++i)
    EXPECT_NEAR(losses[i], recorded().losses[i], engine_case().keras * loss_gate(i + 1)) << "step " << i + 1;
}

/// `expected` of the reference, `before` both.
void expect_near(const Parameters& actual, const reference::Tensors& expected, const Parameters& before, double gate,
                 const std::string& what) {
  for (std::size_t t = 0; t < expected.size(); ++t) {
    double move = 0, error = 0;
    for (std::size_t i = 0; i < expected[t].size(); ++i) {
      const auto got = static_cast<double>(actual.tensors[t].values[i]);
      const auto start = static_cast<double>(before.tensors[t].values[i]);
      move += (expected[t][i] - start) * (expected[t][i] - start);
      error += (got - expected[t][i]) * (got - expected[t][i]);
    }
    EXPECT_LE(std::sqrt(error), gate * std::sqrt(move)) << what << " " << before.tensors[t].name;
    EXPECT_GT(move, 0) << what << " " << before.tensors[t].name << ": nothing was tested";
  }
}

TEST_P(EngineOptimizer, MovesAsTheReferenceDoes) {
  const golden::RecordedOptimizers& all = golden::recorded_optimizers();
  const auto engine =
      make_engine(engine_case(), {.network = all.network, .optimizer = optimizer(), .batch = all.batch});
  reference::ReferenceEngine reference(all.network, 0, reference::PixelValue::as_float, optimizer());
  const TrainingState start = first_state(all.network, all.initial, optimizer());
  engine->set_state(start);
  reference.set_state(start);
  constexpr std::size_t steps = 3;
  engine->train(engine->upload(mnist().training), std::span(all.order).first(steps * all.batch),
                std::span(recorded().learning_rates).first(steps), {});
  for (std::size_t step = 0; step < steps; ++step)
    reference.step(*mnist().training, std::span(all.order).subspan(step * all.batch, all.batch),
                   recorded().learning_rates[step]);
  const TrainingState after = engine->state();
  expect_near(after.parameters, reference.state().parameters, start.parameters, weights_gate(steps), "parameters");
  ASSERT_EQ(after.moments.size(), moment_names(optimizer()).size());
  for (std::size_t m = 0; m < after.moments.size(); ++m) {
    const bool average = after.moments[m].name == average_moment;
    expect_near(after.moments[m].values, reference.state().moments[m],
                average ? start.parameters : start.moments[m].values, 1e-4, after.moments[m].name);
  }
}

/// Of everything that training changes, behind six steps with dropout, the last of fewer rows; with a stop behind
/// `stop` of them.
std::string state_hash(const EngineCase& engine_case, const Optimizer& optimizer, unsigned threads,
                       std::size_t stop = 0) {
  const auto found = std::ranges::find_if(golden::networks(), [](const golden::NamedNetwork& each) {
    return std::ranges::any_of(each.network.layers,
                               [](const Layer& layer) { return std::holds_alternative<Dropout>(layer); });
  });
  const Network& network = found->network;
  const auto set =
      synthetic::shared_digits(network.input.height, network.input.width, class_count(network), 5 * 19 + 5);
  const std::vector<std::uint32_t> order = synthetic::file_order(5 * 19 + 5);
  const std::vector<double> rates = {0.001, 0.004, 0.01, 0.005, 0.002, 0.0005};
  const auto make = [&] {
    return make_engine(
        engine_case, {.network = network, .optimizer = optimizer, .batch = 19, .seed = 4, .cpu = {.threads = threads}});
  };
  auto engine = make();
  if (stop > 0) {
    engine->train(engine->upload(set), std::span(order).first(stop * 19), std::span(rates).first(stop), {});
    const TrainingState state = engine->state();
    engine = make();
    engine->set_state(state);
  }
  engine->train(engine->upload(set), std::span(order).subspan(stop * 19), std::span(rates).subspan(stop), {});
  const TrainingState state = engine->state();
  std::string hash = weights_sha256(state.parameters);
  for (const Moment& moment : state.moments) hash += weights_sha256(moment.values);
  return hash;
}

TEST_P(EngineOptimizer, ResumesBehindAnyStepInTheSameBits) {
  const std::string expected = state_hash(engine_case(), optimizer(), 1);
  for (std::size_t stop = 1; stop <= 5; ++stop)
    EXPECT_EQ(state_hash(engine_case(), optimizer(), 2, stop), expected) << "behind step " << stop;
}

TEST_P(EngineOptimizer, HasTheSameBitsOnAnyThreadsAndInstructions) {
  const std::string expected = state_hash(engine_case(), optimizer(), 1);
  for (const unsigned threads : engine_case().threads)
    EXPECT_EQ(state_hash(engine_case(), optimizer(), threads), expected);
  for (const std::string& instructions : engine_case().instructions) {
    const ForcedInstructions forced(instructions);
    if (forced.unavailable(engine_case())) continue;  // named by the skips of EngineGoldenHash
    EXPECT_EQ(state_hash(engine_case(), optimizer(), 2), expected) << instructions;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineOptimizer,
                         testing::Combine(testing::ValuesIn(engine_cases()), testing::Range<std::size_t>(0, 14)),
                         engine_and_optimizer);

class EnginePenalty : public EngineTest {};

TEST_P(EnginePenalty, IsPartOfTheLossOfAnEvaluation) {
  const golden::RecordedOptimizers& all = golden::recorded_optimizers();
  const Optimizer penalized{.l2 = 0.01};
  const auto engine = make_engine(engine_case(), {.network = all.network, .optimizer = penalized, .batch = all.batch});
  reference::ReferenceEngine reference(all.network, 0, reference::PixelValue::as_float, penalized);
  engine->set_state(first_state(all.network, all.initial, penalized));
  reference.set_parameters(all.initial);
  constexpr std::uint32_t count = 150;
  const auto images =
      synthetic::shared_digits(all.network.input.height, all.network.input.width, class_count(all.network), count);
  const double gate = count * engine_case().loss;
  EXPECT_NEAR(engine->evaluate(engine->upload(images), {}, {}).loss_sum, reference.evaluate(*images).loss_sum, gate);
  EXPECT_GT(count * l2_penalty(penalized, all.initial), 100 * gate) << "nothing was tested";
}

/// The square of a gradient that only the penalty makes so large is beyond float's range.
TEST_P(EnginePenalty, ChangesNothingWhereItsGradientIsNotFinite) {
  const golden::RecordedOptimizers& all = golden::recorded_optimizers();
  for (const double l2 : {0.0, 1000.0}) {
    SCOPED_TRACE(l2);
    const Optimizer optimizer{.l2 = l2};
    const auto engine =
        make_engine(engine_case(), {.network = all.network, .optimizer = optimizer, .batch = all.batch});
    TrainingState start = first_state(all.network, all.initial, optimizer);
    start.parameters.tensors.at(start.parameters.tensors.size() - 2).values.at(3) = -1e17f;
    engine->set_state(start);
    const TrainResult result = engine->train(engine->upload(mnist().training), std::span(all.order).first(all.batch),
                                             std::vector<double>{0.001}, {});
    EXPECT_EQ(result.nonfinite_step.has_value(), l2 > 0);
    EXPECT_EQ(engine->state().parameters == start.parameters, l2 > 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EnginePenalty, every_engine(), case_name);

}  // namespace
}  // namespace nib
