#include "engines/rank_work.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>

#include "engines/engine_case.h"
#include "formats/weights.h"
#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {

Network wide_network() {
  return {.input = {16, 16, 1},
          .layers = {Flatten{}, Dense{.units = 256, .activation = Activation::relu}, Dropout{.rate = 0.25},
                     Dense{.units = 10, .activation = Activation::softmax}}};
}

std::string state_hash(const TrainingState& state) {
  std::string hash = weights_sha256(state.parameters);
  for (const Moment& moment : state.moments) hash += " " + moment.name + " " + weights_sha256(moment.values);
  return hash + " step " + std::to_string(state.step);
}

namespace {

/// NaN is NaN here.
std::uint64_t bits(double number) { return std::bit_cast<std::uint64_t>(number); }

bool same_step(const StepResult& a, const StepResult& b) {
  return a.step == b.step && a.rows == b.rows && a.correct == b.correct && bits(a.loss) == bits(b.loss);
}

}  // namespace

void expect_same(const RankOutcome& outcome, const RankOutcome& expected) {
  EXPECT_EQ(state_hash(outcome.state), state_hash(expected.state));
  EXPECT_EQ(outcome.trained.steps, expected.trained.steps);
  EXPECT_EQ(outcome.trained.rows, expected.trained.rows);
  EXPECT_EQ(outcome.trained.correct, expected.trained.correct);
  EXPECT_EQ(bits(outcome.trained.loss_sum), bits(expected.trained.loss_sum));
  EXPECT_EQ(outcome.trained.stopped, expected.trained.stopped);
  EXPECT_EQ(outcome.trained.nonfinite_step, expected.trained.nonfinite_step);
  EXPECT_TRUE(std::ranges::equal(outcome.steps, expected.steps, same_step));
  EXPECT_EQ(outcome.metrics.rows, expected.metrics.rows);
  EXPECT_EQ(outcome.metrics.correct, expected.metrics.correct);
  EXPECT_EQ(bits(outcome.metrics.loss_sum), bits(expected.metrics.loss_sum));
  EXPECT_EQ(outcome.metrics.confusion, expected.metrics.confusion);
  EXPECT_TRUE(std::ranges::equal(outcome.probabilities, expected.probabilities,
                                 [](float a, float b) { return bits(double{a}) == bits(double{b}); }));
}

RankWork RankWork::on(const Network& network, std::uint32_t batch, std::uint32_t rows) {
  return {.options = {.network = network, .batch = batch, .seed = 4, .draw_parameters = false},
          .dataset = synthetic::shared_digits(network.input.height, network.input.width, class_count(network),
                                              std::max(rows, 300U)),
          .rows = rows,
          .state = uneven_state(network)};
}

std::unique_ptr<Engine> RankWork::engine(Communicator* communicator) const {
  EngineOptions own = options;
  own.communicator = communicator;
  std::string note;
  auto engine = make_engine("cpu", own, note);
  engine->set_state(state);
  return engine;
}

RankOutcome RankWork::run(Communicator* communicator) const {
  const auto trained = engine(communicator);
  const unsigned rank = communicator == nullptr ? 0 : communicator->rank();
  const ImageSet set = trained->upload(dataset);
  const std::vector<std::uint32_t> order = shuffled_order(4, 1, static_cast<std::uint32_t>(dataset->size()));
  RankOutcome outcome;
  outcome.trained = trained->train(set, std::span(order).first(rows),
                                   std::vector<double>((rows + options.batch - 1) / options.batch, learning_rate),
                                   [&](std::span<const StepResult> steps) {
                                     outcome.steps.insert(outcome.steps.end(), steps.begin(), steps.end());
                                     return behind_step ? behind_step(rank, steps.back()) : Next::go_on;
                                   });
  outcome.state = trained->state();
  if (!all_finite(outcome.state)) return outcome;
  outcome.probabilities.resize(dataset->size() * class_count(options.network));
  outcome.metrics = trained->evaluate(set, outcome.probabilities, {});
  return outcome;
}

RankOutcome RankWork::alone() const { return run(nullptr); }

std::vector<RankOutcome> RankWork::on_ranks(ThreadRanks& ranks, unsigned size) const {
  std::vector<RankOutcome> outcomes(size);
  rethrow_first(ranks.run([&](Communicator& communicator) { outcomes[communicator.rank()] = run(&communicator); }));
  return outcomes;
}

void RankWork::expect_same_on_ranks(std::initializer_list<unsigned> sizes) const {
  const RankOutcome expected = alone();
  for (const unsigned size : sizes) {
    SCOPED_TRACE(std::to_string(size) + " ranks, batch " + std::to_string(options.batch));
    ThreadRanks ranks(size);
    for (const RankOutcome& outcome : on_ranks(ranks, size)) expect_same(outcome, expected);
  }
}

}  // namespace nib
