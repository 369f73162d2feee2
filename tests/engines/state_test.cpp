// What a training run can rely on between its steps: state, resume, stop, progress.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engines/engine_case.h"
#include "nib/optimizer.h"
#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {
namespace {

bool operator==(const TrainingState& a, const TrainingState& b) {
  return a.step == b.step && a.parameters == b.parameters && a.moments == b.moments;
}

/// Moments as training could leave them, all different.
TrainingState busy_state(const Network& network) {
  TrainingState state = uneven_state(network);
  float next = 0;
  for (Moment& moment : state.moments) {
    for (Tensor& tensor : moment.values.tensors) {
      for (float& value : tensor.values) value = (next += 1.0f) * 1e-7f;
    }
  }
  return state;
}

class EngineState : public EngineNetworkTest {
 protected:
  std::unique_ptr<Engine> engine = make_engine(engine_case(), {.network = network(), .batch = 6, .seed = 2});
};

TEST_P(EngineState, BeginsWithTheInitialParametersOfItsSeed) {
  const TrainingState state = engine->state();
  EXPECT_EQ(state.step, 0u);
  EXPECT_EQ(state.parameters, initial_parameters(network(), 2));
  EXPECT_EQ(state.moments, first_state(network(), {}).moments);
}

TEST_P(EngineState, ComesBackAsItWasSet) {
  const TrainingState state = busy_state(network());
  engine->set_state(state);
  EXPECT_TRUE(engine->state() == state);
}

/// Adam's element step is defined to the last bit: a parameter's new value follows from its old one and its new
/// moments.
TEST_P(EngineState, MovesByTheDefinitionOfAdam) {
  const TrainingState before = busy_state(network());
  engine->set_state(before);
  engine->train(engine->upload(images(6)), synthetic::file_order(6), std::vector<double>(1, 0.0125), {});
  const TrainingState after = engine->state();
  const auto step_size = rounded(step_factors({}, 0.0125, before.step + 1)).rate;
  std::size_t moved = 0, count = 0;
  for (std::size_t t = 0; t < before.parameters.tensors.size(); ++t) {
    const std::vector<float>& old_value = before.parameters.tensors[t].values;
    const std::vector<float>& value = after.parameters.tensors[t].values;
    const std::vector<float>& first = after.moments[0].values.tensors[t].values;
    const std::vector<float>& second = after.moments[1].values.tensors[t].values;
    for (std::size_t i = 0; i < value.size(); ++i, ++count) {
      ASSERT_EQ(value[i], old_value[i] - (first[i] * step_size) / (std::sqrt(second[i]) + 1e-7f))
          << before.parameters.tensors[t].name << "[" << i << "]";
      moved += value[i] != old_value[i];
    }
  }
  EXPECT_GT(moved * 10, count * 9);
}

/// From zero moments, the second one is the square of the gradient that the first one tells of.
TEST_P(EngineState, SquaresTheSameGradient) {
  const ProbedStep probed = probe_step(*engine, images(6), synthetic::file_order(6), uneven_state(network()));
  const double one_minus_beta2 = 1.0 - 0.999;
  for (std::size_t t = 0; t < probed.gradients.size(); ++t) {
    const std::vector<float>& second = probed.after.moments[1].values.tensors[t].values;
    for (std::size_t i = 0; i < second.size(); ++i) {
      const double square = probed.gradients[t][i] * probed.gradients[t][i];
      ASSERT_NEAR(second[i] / one_minus_beta2, square, 1e-6 * square + 1e-32);
    }
  }
}

TEST_P(EngineState, ResumesToTheVerySameBits) {
  const auto set = images(20);
  const std::vector<double> rates(4, 0.003);
  const auto run_epochs = [&](Engine& with, std::uint32_t first, std::uint32_t last) {
    const ImageSet uploaded = with.upload(set);
    for (std::uint32_t epoch = first; epoch <= last; ++epoch) {
      with.train(uploaded, shuffled_order(2, epoch, 20), rates, {});
    }
  };
  run_epochs(*engine, 1, 4);

  const auto begun = make_engine(engine_case(), {.network = network(), .batch = 6, .seed = 2});
  run_epochs(*begun, 1, 2);
  const auto resumed = make_engine(engine_case(), {.network = network(), .batch = 6, .seed = 2, .cpu = {.threads = 3}});
  resumed->set_state(begun->state());
  run_epochs(*resumed, 3, 4);
  EXPECT_EQ(resumed->state().step, 16u);
  EXPECT_TRUE(resumed->state() == engine->state());
}

TEST_P(EngineState, IsTheSameBehindAnyStopAndGo) {
  const auto set = images(20);
  const std::vector<std::uint32_t> order = shuffled_order(2, 1, 20);
  engine->train(engine->upload(set), order, std::vector<double>(4, 0.003), {});

  const auto halting = make_engine(engine_case(), {.network = network(), .batch = 6, .seed = 2});
  const ImageSet uploaded = halting->upload(set);
  std::size_t done = 0;
  while (done < 4) {
    const TrainResult result =
        halting->train(uploaded, std::span(order).subspan(done * 6), std::vector<double>(4 - done, 0.003),
                       [](std::span<const StepResult>) { return Next::stop; });
    EXPECT_TRUE(result.stopped);
    ASSERT_GT(result.steps, 0u);
    done += result.steps;
    EXPECT_EQ(halting->state().step, done);
  }
  EXPECT_TRUE(halting->state() == engine->state());
}

TEST_P(EngineState, IsRestoredBehindDiagnostics) {
  engine->set_state(busy_state(network()));
  const auto phases = engine->diagnostics(engine->upload(images(20)), synthetic::file_order(20), 5).phases;
  EXPECT_TRUE(engine->state() == busy_state(network()));
  EXPECT_FALSE(phases.empty());
  double seconds = 0;
  for (const PhaseTime& phase : phases) {
    EXPECT_FALSE(phase.name.empty());
    EXPECT_GE(phase.seconds, 0.0) << phase.name;
    seconds += phase.seconds;
  }
  EXPECT_GT(seconds, 0.0);
}

TEST_P(EngineState, TellsOfEveryStepInOrder) {
  const ImageSet set = engine->upload(images(20));
  engine->train(set, synthetic::file_order(6), std::vector<double>(1, 0.001), {});
  std::vector<std::uint64_t> steps, rows;
  std::uint64_t correct = 0;
  double loss = 0;
  const TrainResult result = engine->train(set, synthetic::file_order(20), std::vector<double>(4, 0.001),
                                           [&](std::span<const StepResult> finished) {
                                             for (const StepResult& step : finished) {
                                               steps.push_back(step.step);
                                               rows.push_back(step.rows);
                                               correct += step.correct;
                                               loss += step.loss;
                                             }
                                             return Next::go_on;
                                           });
  EXPECT_THAT(steps, testing::ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(rows, testing::ElementsAre(6, 6, 6, 2));
  EXPECT_EQ(result.steps, 4u);
  EXPECT_EQ(result.rows, 20u);
  EXPECT_EQ(result.correct, correct);
  EXPECT_DOUBLE_EQ(result.loss_sum, loss);
  EXPECT_FALSE(result.stopped);
  EXPECT_FALSE(result.nonfinite_step.has_value());
}

TEST_P(EngineState, KeepsItsParametersAtALearningRateOfZero) {
  const ImageSet set = engine->upload(images(18));
  std::vector<Parameters> parameters;
  engine->train(set, synthetic::file_order(18), std::vector<double>{0.001, 0.0, 0.002}, {});
  const TrainingState all = engine->state();
  const auto second = make_engine(engine_case(), {.network = network(), .batch = 6, .seed = 2});
  const ImageSet again = second->upload(images(18));
  const std::vector<std::uint32_t> order = synthetic::file_order(18);
  const auto step = [&](std::size_t index, double rate) {
    second->train(again, std::span(order).subspan(index * 6, 6), std::vector<double>(1, rate), {});
    return second->state();
  };
  const TrainingState first = step(0, 0.001), still = step(1, 0.0), last = step(2, 0.002);
  EXPECT_EQ(still.parameters, first.parameters);
  EXPECT_NE(still.moments[0], first.moments[0]);
  EXPECT_TRUE(last == all);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineState, every_engine_and_network(), engine_and_network_name);

}  // namespace
}  // namespace nib
