// The loop on real engines: a run that stopped and goes on with another engine is the run that never stopped.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/engine_case.h"
#include "nib/training.h"

namespace nib {
namespace {

constexpr std::uint32_t image_count = 20, held_out_count = 7, batch = 6;
constexpr TrainingPlan plan{.epochs = 3, .batch = batch, .learning_rate = 0.003, .seed = 2};

/// An engine with its sets, and a run on them.
struct EngineRun {
  explicit EngineRun(std::unique_ptr<Engine> made, const std::shared_ptr<const Dataset>& images,
                     const std::shared_ptr<const Dataset>& held_out)
      : engine(std::move(made)), training(engine->upload(images)), validation(engine->upload(held_out)) {}
  std::unique_ptr<Engine> engine;
  ImageSet training, validation;

  TrainingOutcome train(const TrainingPosition& start, const TrainingWatch& watch = {}) const {
    return nib::train(*engine, training, &validation, plan, start, watch);
  }
};

class EnginePosition : public EngineNetworkTest {
 protected:
  EngineRun new_run() const {
    return EngineRun(make_engine(engine_case(), {.network = network(), .batch = batch, .seed = 2}), images(image_count),
                     images(held_out_count));
  }
};

void expect_same(const TrainingState& actual, const TrainingState& expected) {
  EXPECT_EQ(actual.step, expected.step);
  EXPECT_TRUE(actual.parameters == expected.parameters);
  EXPECT_TRUE(actual.moments == expected.moments);
}

void expect_same(const History& actual, const History& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(actual[i].epoch, expected[i].epoch);
    EXPECT_EQ(actual[i].loss, expected[i].loss);
    EXPECT_EQ(actual[i].accuracy, expected[i].accuracy);
    EXPECT_EQ(actual[i].validation_loss, expected[i].validation_loss);
    EXPECT_EQ(actual[i].validation_accuracy, expected[i].validation_accuracy);
  }
}

TEST_P(EnginePosition, StopsAndGoesOnAtEachStep) {
  const EngineRun whole = new_run(), halting = new_run(), other = new_run();
  const TrainingState start = whole.engine->state();
  const TrainingOutcome expected = whole.train({});
  const TrainingState expected_state = whole.engine->state();
  ASSERT_EQ(expected_state.step, 12u);

  // A run in pieces, each with the engine that did not train the one before it.
  TrainingPosition position;
  TrainingState state = start;
  bool stopped = true;
  for (int piece = 0; stopped; ++piece) {
    ASSERT_LT(piece, 50);
    const EngineRun& run = piece % 2 == 0 ? halting : other;
    run.engine->set_state(state);
    // Asked where an epoch begins, behind each step and in the validation, to whose end one piece must get.
    const int most = position.step == 4 ? 3 : 1;
    int asked = 0;
    const TrainingOutcome outcome =
        run.train(position, {.listeners = {}, .stop_requested = [&] { return ++asked > most; }});
    position = outcome.end;
    state = run.engine->state();
    stopped = outcome.stopped;
    EXPECT_EQ(state.step, (position.epoch - 1) * 4 + position.step);
  }
  expect_same(state, expected_state);
  expect_same(position.history, expected.end.history);
}

/// What a checkpoint will be made of.
struct Keeper : TrainingListener {
  explicit Keeper(const Engine& engine) : engine_(engine) {}
  void rests(const TrainingPosition& position) override { kept.emplace_back(position, engine_.state()); }
  std::vector<std::pair<TrainingPosition, TrainingState>> kept;

 private:
  const Engine& engine_;
};

TEST_P(EnginePosition, GoesOnFromEveryRest) {
  const EngineRun whole = new_run(), other = new_run();
  Keeper keeper(*whole.engine);
  const TrainingOutcome expected = whole.train({}, {.listeners = {&keeper}, .stop_requested = {}, .rest_every = 3});
  const TrainingState expected_state = whole.engine->state();
  ASSERT_EQ(keeper.kept.size(), 6u);  // steps 3, 4, 6, 8, 9 and 12
  for (const auto& [position, state] : keeper.kept) {
    SCOPED_TRACE(state.step);
    other.engine->set_state(state);
    const TrainingOutcome outcome = other.train(position);
    expect_same(other.engine->state(), expected_state);
    expect_same(outcome.end.history, expected.end.history);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EnginePosition, every_engine_and_network(), engine_and_network_name);

}  // namespace
}  // namespace nib
