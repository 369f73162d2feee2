// The same bits for any number of ranks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "engines/engine_case.h"
#include "formats/weights.h"
#include "nib/training.h"
#include "support/synthetic.h"
#include "support/thread_ranks.h"

namespace nib {
namespace {

/// All that a run leaves.
struct Outcome {
  std::string state;  ///< hashes of parameters and moments
  std::uint64_t step = 0;
  TrainResult trained;
  std::vector<double> losses;  ///< of each step
  Metrics metrics;
  std::vector<float> probabilities;
};

std::string state_hash(const TrainingState& state) {
  std::string hash = weights_sha256(state.parameters);
  for (const Moment& moment : state.moments) hash += weights_sha256(moment.values);
  return hash;
}

void expect_same(const Outcome& outcome, const Outcome& expected) {
  EXPECT_EQ(outcome.state, expected.state);
  EXPECT_EQ(outcome.step, expected.step);
  EXPECT_EQ(outcome.trained.steps, expected.trained.steps);
  EXPECT_EQ(outcome.trained.rows, expected.trained.rows);
  EXPECT_EQ(outcome.trained.correct, expected.trained.correct);
  EXPECT_EQ(outcome.trained.loss_sum, expected.trained.loss_sum);
  EXPECT_EQ(outcome.trained.stopped, expected.trained.stopped);
  EXPECT_EQ(outcome.trained.nonfinite_step, expected.trained.nonfinite_step);
  EXPECT_EQ(outcome.losses, expected.losses);
  EXPECT_EQ(outcome.metrics.correct, expected.metrics.correct);
  EXPECT_EQ(outcome.metrics.loss_sum, expected.metrics.loss_sum);
  EXPECT_EQ(outcome.metrics.confusion, expected.metrics.confusion);
  EXPECT_EQ(outcome.probabilities, expected.probabilities);
}

/// What every rank does: some steps, the last of which has fewer rows, and an evaluation.
struct Work {
  EngineOptions options;
  std::shared_ptr<const Dataset> dataset;
  std::uint32_t rows = 0;

  Outcome run(Communicator* communicator, unsigned threads) const {
    EngineOptions own = options;
    own.communicator = communicator;
    own.cpu.threads = threads;
    std::string note;
    const auto engine = make_engine("cpu", own, note);
    const ImageSet set = engine->upload(dataset);
    const std::vector<std::uint32_t> order = shuffled_order(4, 1, static_cast<std::uint32_t>(dataset->size()));
    Outcome outcome;
    outcome.trained =
        engine->train(set, std::span(order).first(rows), std::vector<double>((rows + own.batch - 1) / own.batch, 0.002),
                      [&](std::span<const StepResult> steps) {
                        for (const StepResult& step : steps) outcome.losses.push_back(step.loss);
                        return Next::go_on;
                      });
    outcome.probabilities.resize(dataset->size() * class_count(own.network));
    outcome.metrics = engine->evaluate(set, outcome.probabilities, {});
    const TrainingState state = engine->state();
    outcome.state = state_hash(state);
    outcome.step = state.step;
    return outcome;
  }

  std::vector<Outcome> run_on(ThreadRanks& ranks, unsigned size, unsigned threads = 1) const {
    std::vector<Outcome> outcomes(size);
    rethrow_first(
        ranks.run([&](Communicator& communicator) { outcomes[communicator.rank()] = run(&communicator, threads); }));
    return outcomes;
  }

  void expect_same_bits_on(std::initializer_list<unsigned> sizes, unsigned threads = 1, bool delays = false) const {
    const Outcome alone = run(nullptr, 1);
    for (const unsigned size : sizes) {
      ThreadRanks ranks(size, delays);
      for (const Outcome& outcome : run_on(ranks, size, threads)) {
        SCOPED_TRACE(std::to_string(size) + " ranks, batch " + std::to_string(options.batch));
        expect_same(outcome, alone);
      }
    }
  }
};

class RankBits : public testing::TestWithParam<golden::NamedNetwork> {
 protected:
  Work work(std::uint32_t batch, std::uint32_t rows) const {
    const Network& network = GetParam().network;
    return {.options = {.network = network, .batch = batch, .seed = 4},
            .dataset = synthetic::shared_digits(network.input.height, network.input.width, class_count(network), 600),
            .rows = rows};
  }
};

TEST_P(RankBits, AreThoseOfOneProcess) { work(19, 2 * 19 + 5).expect_same_bits_on({2, 3, 5, 8}, 1); }

std::string network_name(const testing::TestParamInfo<golden::NamedNetwork>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Networks, RankBits, testing::ValuesIn(golden::networks()), network_name);

}  // namespace
}  // namespace nib
