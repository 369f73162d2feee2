// Training on the stand-ins: against the CPU engine, in any order that a GPU may choose, and to the step that is wrong.

#include <cmath>

#include "engines/cuda/cuda_engine_fixture.h"
#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {
namespace {

class CudaTraining : public CudaEngineTest {};

double distance(const Parameters& a, const Parameters& b) {
  double squares = 0;
  for (std::size_t t = 0; t < a.tensors.size(); ++t)
    for (std::size_t i = 0; i < a.tensors[t].values.size(); ++i)
      squares += std::pow(static_cast<double>(a.tensors[t].values[i]) - static_cast<double>(b.tensors[t].values[i]), 2);
  return std::sqrt(squares);
}

/// The digits network through 19 batches of 128 and one of 112, one call: a graph of 16 steps and four single ones.
TEST_F(CudaTraining, TakesTwentyStepsAsTheCpuEngineDoesSlow) {
  const auto images = synthetic::shared_digits(28, 28, 10, 19 * 128 + 112);
  const std::vector<std::uint32_t> order = shuffled_order(6, 1, 19 * 128 + 112);
  const auto losses_of = [&](Engine& engine) {
    std::vector<double> losses;
    engine.train(engine.upload(images), order, std::vector<double>(20, 0.001), [&](std::span<const StepResult> steps) {
      for (const StepResult& step : steps) losses.push_back(step.loss / step.rows);
      return Next::go_on;
    });
    return losses;
  };
  const auto cuda = make({.network = digits_network(), .seed = 6});
  std::string note;
  const auto cpu = make_engine("cpu", {.network = digits_network(), .seed = 6, .cpu = {.threads = 2}}, note);
  const std::vector<double> actual = losses_of(*cuda), expected = losses_of(*cpu);
  ASSERT_EQ(actual.size(), 20u);
  ASSERT_EQ(expected.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_NEAR(actual[i], expected[i], i < 5 ? 1e-5 : i < 10 ? 1e-4 : 2e-3) << "step " << i + 1;
  EXPECT_LT(actual.back(), 0.9 * actual.front()) << "nothing was learned";
  EXPECT_EQ(cuda->state().step, 20u);
  EXPECT_LT(distance(cuda->state().parameters, cpu->state().parameters),
            0.05 * distance(cpu->state().parameters, initial_parameters(digits_network(), 6)));
}

TEST_F(CudaTraining, GivesTheSameBitsInEveryOrder) {
  for (const Network& network : {small_network(), branching_network()}) {
    const auto images = images_for(network, 17 * 7 + 2);
    const auto trained = [&](std::uint64_t seed) {
      cuda_on_host::set_seed(seed);
      const auto engine = make({.network = network, .batch = 7, .seed = 3});
      return trained_hash(*engine, images, 7, 1);
    };
    const std::string expected = trained(1);
    for (const std::uint64_t seed : {2u, 3u, 4u, 5u}) EXPECT_EQ(trained(seed), expected) << "seed " << seed;
  }
}

/// In the middle of a graph, and in a chunk behind it: later steps are in the stream when it happens.
TEST_F(CudaTraining, StopsAtTheStepThatIsNotFinite) {
  const Network network = small_network();
  const auto images = images_for(network, 50 * 4);
  for (const std::size_t enormous : {std::size_t{1}, std::size_t{5}, std::size_t{16}, std::size_t{20}}) {
    SCOPED_TRACE("learning rate of step " + std::to_string(enormous));
    std::vector<double> rates(50, 1e-3);
    rates[enormous - 1] = 1e38;
    const auto engine = make({.network = network, .batch = 4, .seed = 3});
    std::uint64_t told = 0;
    const TrainResult result = engine->train(engine->upload(images), synthetic::file_order(200), rates,
                                             [&](std::span<const StepResult> steps) {
                                               told += steps.size();
                                               return Next::go_on;
                                             });
    EXPECT_EQ(result.nonfinite_step, enormous + 1);
    EXPECT_EQ(result.steps, enormous);
    EXPECT_EQ(told, enormous);
    EXPECT_EQ(engine->state().step, enormous);

    rates.resize(enormous);
    const auto other = make({.network = network, .batch = 4, .seed = 3});
    other->train(other->upload(images), synthetic::file_order(static_cast<std::uint32_t>(4 * enormous)), rates, {});
    EXPECT_EQ(state_hash(*engine), state_hash(*other));
  }
}

TEST_F(CudaTraining, SaysWhatItRunsOn) {
  const auto engine = make({.network = small_network()});
  EXPECT_NE(engine->description().find("cuda:0"), std::string::npos) << engine->description();
  EXPECT_NE(engine->description().find("FP32"), std::string::npos) << engine->description();
}

}  // namespace
}  // namespace nib
