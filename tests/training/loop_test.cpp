#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "nib/training.h"
#include "training/fake_engine.h"

namespace nib {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::Pointwise;
using testing::SizeIs;

std::shared_ptr<const Dataset> blank_images(std::size_t count) {
  Dataset dataset{.rows = 1, .columns = 1, .class_names = {"a", "b"}, .pixels = {}, .labels = {}};
  dataset.pixels.resize(count);
  dataset.labels.resize(count);
  return std::make_shared<const Dataset>(std::move(dataset));
}

/// A listener of functions; those that are empty are passed over.
struct Observer : TrainingListener {
  std::function<void(std::uint32_t)> on_begin;
  std::function<void(const StepResult&)> on_step;
  std::function<void(const TrainingProgress&)> on_steps;
  std::function<void(const EpochResult&)> on_end;
  std::function<void(const TrainingPosition&)> on_rest;
  std::function<bool()> stop_requested;

  void epoch_begins(const TrainingProgress& start) override {
    if (on_begin) on_begin(start.epoch);
  }
  void rests(const TrainingPosition& position) override {
    if (on_rest) on_rest(position);
  }
  void step_ends(const StepResult& step) override {
    if (on_step) on_step(step);
  }
  void steps_end(const TrainingProgress& progress) override {
    if (on_steps) on_steps(progress);
  }
  void epoch_ends(const EpochResult& result) override {
    if (on_end) on_end(result);
  }
  TrainingWatch watch() { return {.listeners = {this}, .stop_requested = stop_requested}; }
};

class TrainingLoop : public testing::Test {
 protected:
  FakeEngine engine{4};
  ImageSet training = engine.upload(blank_images(10));
  ImageSet validation = engine.upload(blank_images(4));
  TrainingPlan plan{.epochs = 2, .batch = 4, .learning_rate = 0.5, .seed = 9};
  Observer observer;

  TrainingOutcome run() { return train(engine, training, &validation, plan, {}, observer.watch()); }
};

TEST_F(TrainingLoop, TrainsEachEpochInItsOwnShuffledOrder) {
  run();
  EXPECT_THAT(engine.orders, ElementsAre(shuffled_order(9, 1, 10), shuffled_order(9, 2, 10)));
}

/// No epoch of the fake engine is better than the first.
TEST_F(TrainingLoop, EndsEarlyWhereItsPatienceEnds) {
  plan.epochs = 10;
  plan.patience = 3;
  plan.monitor.figure = Monitored::loss;
  const TrainingOutcome outcome = run();
  EXPECT_THAT(outcome.end.history, SizeIs(4));
  EXPECT_FALSE(outcome.stopped);
  EXPECT_THAT(train(engine, training, &validation, plan, outcome.end, {}).end.history, SizeIs(4)) << "it is at its end";
  plan.patience = 5;
  EXPECT_THAT(train(engine, training, &validation, plan, outcome.end, {}).end.history, SizeIs(6));
}

TEST_F(TrainingLoop, GivesEveryStepItsLearningRate) {
  run();
  EXPECT_THAT(engine.learning_rates, ElementsAre(ElementsAre(0.5, 0.5, 0.5), ElementsAre(0.5, 0.5, 0.5)));
}

TEST_F(TrainingLoop, GivesEachEpochTheRateOfItsLastStepWhereRatesChange) {
  run();
  plan.schedule = {.kind = ScheduleKind::exponential, .decay_rate = 0.125};
  const TrainingOutcome outcome = run();
  EXPECT_THAT(engine.learning_rates[2], Pointwise(DoubleEq(), {0.5, 0.25, 0.125}));
  EXPECT_THAT(engine.learning_rates[3], Pointwise(DoubleEq(), {0.0625, 0.03125, 0.015625}));
  EXPECT_EQ(outcome.end.history[0].learning_rate, engine.learning_rates[2].back());
  EXPECT_EQ(outcome.end.history[1].learning_rate, engine.learning_rates[3].back());
}

/// No epoch of the fake engine is better than the first.
TEST_F(TrainingLoop, ReducesTheRateOnAPlateauAndKnowsItAgainWhenItGoesOn) {
  plan.plateau = Plateau{.patience = 1, .factor = 0.5};
  plan.monitor.figure = Monitored::loss;
  const TrainingOutcome outcome = run();
  plan.epochs = 4;
  const TrainingOutcome end = train(engine, training, &validation, plan, outcome.end, {});
  EXPECT_THAT(engine.learning_rates, ElementsAre(ElementsAre(0.5, 0.5, 0.5), ElementsAre(0.5, 0.5, 0.5),
                                                 ElementsAre(0.25, 0.25, 0.25), ElementsAre(0.125, 0.125, 0.125)));
  EXPECT_EQ(end.end.history[3].learning_rate, 0.125);
}

/// So that no epoch of a history is without one.
TEST_F(TrainingLoop, TellsTheRatesOfEpochsFromItsScheduleOn) {
  const TrainingOutcome outcome = run();
  EXPECT_FALSE(outcome.end.history[0].learning_rate);
  plan.epochs = 3;
  plan.schedule = {.kind = ScheduleKind::step, .decay_rate = 0.5};
  const TrainingOutcome other = train(engine, training, &validation, plan, outcome.end, {});
  EXPECT_EQ(other.end.history[2].learning_rate, 0.125);
  plan.epochs = 4;
  plan.schedule = {};
  EXPECT_EQ(train(engine, training, &validation, plan, other.end, {}).end.history[3].learning_rate, 0.5);
}

TEST_F(TrainingLoop, AveragesOverImagesNotOverSteps) {
  const TrainingOutcome outcome = run();
  ASSERT_THAT(outcome.end.history, SizeIs(2));
  for (const EpochResult& epoch : outcome.end.history) {
    EXPECT_EQ(epoch.loss, 4.5);  // of 0 ... 9; the steps' own means average to something else
    EXPECT_EQ(epoch.accuracy, 0.5);
  }
  EXPECT_EQ(outcome.end.history[0].epoch, 1u);
  EXPECT_EQ(outcome.end.history[1].epoch, 2u);
  EXPECT_FALSE(outcome.stopped);
  EXPECT_FALSE(outcome.nonfinite);
}

TEST_F(TrainingLoop, ValidatesWithTheWeightsAtTheEndOfTheEpoch) {
  const TrainingOutcome outcome = run();
  EXPECT_THAT(engine.steps_before_evaluation, ElementsAre(3, 6));
  EXPECT_EQ(outcome.end.history[0].validation_loss, 1.5);
  EXPECT_EQ(outcome.end.history[0].validation_accuracy, 0.75);
}

TEST_F(TrainingLoop, LeavesValidationOutWhereThereIsNone) {
  const TrainingOutcome outcome = train(engine, training, nullptr, plan, {}, observer.watch());
  EXPECT_THAT(engine.steps_before_evaluation, SizeIs(0));
  ASSERT_THAT(outcome.end.history, SizeIs(2));
  EXPECT_FALSE(outcome.end.history[0].validation_loss);
  EXPECT_FALSE(outcome.end.history[0].validation_accuracy);
}

TEST_F(TrainingLoop, TellsItsObserverWhereItStands) {
  std::vector<std::string> events;
  observer.on_begin = [&](std::uint32_t epoch) { events.push_back("begin " + std::to_string(epoch)); };
  observer.on_steps = [&](const TrainingProgress& now) {
    EXPECT_EQ(now.epochs, 2u);
    events.push_back(std::to_string(now.epoch) + ": " + std::to_string(now.step) + "/" + std::to_string(now.steps));
  };
  observer.on_end = [&](const EpochResult& epoch) {
    EXPECT_GE(epoch.seconds, epoch.training_seconds);
    events.push_back("end " + std::to_string(epoch.epoch));
  };
  run();
  EXPECT_THAT(events, ElementsAre("begin 1", "1: 1/3", "1: 2/3", "1: 3/3", "end 1",  //
                                  "begin 2", "2: 1/3", "2: 2/3", "2: 3/3", "end 2"));
}

TEST_F(TrainingLoop, ReportsRunningMeansOfTheEpochSoFar) {
  std::vector<double> losses;
  observer.on_steps = [&](const TrainingProgress& now) { losses.push_back(now.loss); };
  plan.epochs = 1;
  run();
  const std::vector<std::uint32_t> order = shuffled_order(9, 1, 10);
  const double first = (order[0] + order[1] + order[2] + order[3]) / 4.0;
  const double second = (first * 4 + order[4] + order[5] + order[6] + order[7]) / 8.0;
  EXPECT_THAT(losses, ElementsAre(first, second, 4.5));
}

TEST_F(TrainingLoop, CountsStepsThatAnEngineReportsTogether) {
  engine.steps_a_call = 2;
  std::vector<std::uint64_t> steps;
  observer.on_steps = [&](const TrainingProgress& now) { steps.push_back(now.step); };
  plan.epochs = 1;
  EXPECT_EQ(run().end.history.at(0).loss, 4.5);
  EXPECT_THAT(steps, ElementsAre(2, 3));
}

TEST_F(TrainingLoop, StopsBehindTheFinishedStep) {
  int asked = 0;
  observer.stop_requested = [&] { return ++asked > 7; };  // epoch 1: begin, 3 steps, validation; epoch 2: begin, 1 step
  const TrainingOutcome outcome = run();
  EXPECT_TRUE(outcome.stopped);
  EXPECT_EQ(engine.state().step, 5u);
  EXPECT_THAT(outcome.end.history, SizeIs(1)) << "an unfinished epoch is not part of the history";
}

TEST_F(TrainingLoop, StopsDuringValidation) {
  observer.stop_requested = [&] { return !engine.steps_before_evaluation.empty(); };
  bool ended = false;
  observer.on_end = [&](const EpochResult&) { ended = true; };
  const TrainingOutcome outcome = run();
  EXPECT_TRUE(outcome.stopped);
  EXPECT_FALSE(ended);
  EXPECT_THAT(outcome.end.history, SizeIs(0));
  EXPECT_EQ(engine.state().step, 3u);
}

TEST_F(TrainingLoop, DoesNotBeginWhenAskedToStopBefore) {
  observer.stop_requested = [] { return true; };
  bool begun = false;
  observer.on_begin = [&](std::uint32_t) { begun = true; };
  EXPECT_TRUE(run().stopped);
  EXPECT_FALSE(begun);
  EXPECT_EQ(engine.state().step, 0u);
}

TEST_F(TrainingLoop, NamesTheStepThatIsNotFinite) {
  engine.nonfinite_step = 5;
  const TrainingOutcome outcome = run();
  ASSERT_TRUE(outcome.nonfinite.has_value());
  const NonFiniteStep where = outcome.nonfinite.value_or(NonFiniteStep{});
  EXPECT_EQ(where.step, 5u);
  EXPECT_EQ(where.epoch, 2u);
  EXPECT_EQ(where.step_in_epoch, 2u);
  EXPECT_EQ(where.learning_rate, 0.5);
  EXPECT_THAT(outcome.end.history, SizeIs(1));
  EXPECT_THAT(engine.steps_before_evaluation, SizeIs(1));
}

TEST_F(TrainingLoop, RefusesABatchOfNone) {
  plan.batch = 0;
  EXPECT_THROW(run(), Error);
}

TEST_F(TrainingLoop, TellsAllListenersInTheirOrder) {
  std::string calls;
  Observer first, second;
  first.on_steps = [&](const TrainingProgress&) { calls += 'a'; };
  second.on_steps = [&](const TrainingProgress&) { calls += 'b'; };
  plan.epochs = 1;
  train(engine, training, nullptr, plan, {}, {.listeners = {&first, &second}, .stop_requested = {}});
  EXPECT_EQ(calls, "ababab");
}

TEST_F(TrainingLoop, TellsEachStepBeforeItsProgress) {
  std::string calls;
  std::vector<std::uint32_t> rows;
  observer.on_step = [&](const StepResult& step) {
    calls += 's';
    rows.push_back(step.rows);
  };
  observer.on_steps = [&](const TrainingProgress&) { calls += 'p'; };
  plan.epochs = 1;
  run();
  EXPECT_EQ(calls, "spspsp");
  EXPECT_THAT(rows, ElementsAre(4, 4, 2));
}

TEST_F(TrainingLoop, TellsTheStepOfTheRunAndItsLearningRate) {
  std::vector<std::uint64_t> steps;
  observer.on_steps = [&](const TrainingProgress& now) {
    EXPECT_EQ(now.learning_rate, 0.5);
    steps.push_back(now.run_step);
  };
  run();
  EXPECT_THAT(steps, ElementsAre(1, 2, 3, 4, 5, 6));
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> rests_of(Observer& observer, const std::function<void()>& run) {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> rests;
  observer.on_rest = [&](const TrainingPosition& now) { rests.emplace_back(now.epoch, now.step); };
  run();
  return rests;
}

TEST_F(TrainingLoop, RestsBehindEachEpochAndEverySoManyStepsOfTheRun) {
  using Rests = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  EXPECT_EQ(rests_of(observer, [&] { run(); }), (Rests{{2, 0}, {3, 0}}));
  const auto rests_every = [&](std::uint64_t steps) {
    TrainingWatch watch = observer.watch();
    watch.rest_every = steps;
    return rests_of(observer, [&] { train(engine, training, &validation, plan, {}, watch); });
  };
  EXPECT_EQ(rests_every(2), (Rests{{1, 2}, {2, 0}, {2, 1}, {3, 0}}));
  EXPECT_EQ(rests_every(3), (Rests{{2, 0}, {3, 0}})) << "the end of an epoch is one rest, not two";
  EXPECT_EQ(rests_every(100), (Rests{{2, 0}, {3, 0}}));
}

TEST_F(TrainingLoop, RestsWithTheEngineAtItsPosition) {
  TrainingWatch watch = observer.watch();
  watch.rest_every = 1;
  observer.on_rest = [&](const TrainingPosition& now) {
    EXPECT_EQ(engine.state().step, (now.epoch - 1) * 3 + now.step);
    EXPECT_EQ(now.rows, std::min<std::uint64_t>(now.step * 4, 10));
    EXPECT_THAT(now.history, SizeIs(now.epoch - 1));
  };
  train(engine, training, &validation, plan, {}, watch);
}

/// Stops a run behind each of its steps, and goes on from there with another engine.
TEST_F(TrainingLoop, GoesOnFromWhereverItStopped) {
  const History whole = run().end.history;
  for (std::uint64_t stop = 0; stop <= 6; ++stop) {
    SCOPED_TRACE(stop);
    FakeEngine first(4);
    observer.stop_requested = [&] { return first.state().step >= stop; };
    const ImageSet first_set = first.upload(blank_images(10)), first_held_out = first.upload(blank_images(4));
    const TrainingOutcome broken_off = train(first, first_set, &first_held_out, plan, {}, observer.watch());
    EXPECT_TRUE(broken_off.stopped);
    EXPECT_EQ((broken_off.end.epoch - 1) * 3 + broken_off.end.step, stop);

    FakeEngine second(4);
    second.set_state(first.state());
    observer.stop_requested = {};
    const ImageSet second_set = second.upload(blank_images(10)), second_held_out = second.upload(blank_images(4));
    const TrainingOutcome outcome = train(second, second_set, &second_held_out, plan, broken_off.end, observer.watch());
    EXPECT_FALSE(outcome.stopped);
    EXPECT_EQ(second.state().step, 6u);
    ASSERT_THAT(outcome.end.history, SizeIs(2));
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(outcome.end.history[i].loss, whole[i].loss);
      EXPECT_EQ(outcome.end.history[i].accuracy, whole[i].accuracy);
      EXPECT_EQ(outcome.end.history[i].validation_loss, whole[i].validation_loss);
    }
  }
}

TEST_F(TrainingLoop, HasNothingLeftToDoAtItsEnd) {
  const TrainingPosition end = run().end;
  EXPECT_EQ(end.epoch, 3u);
  engine.orders.clear();
  const TrainingOutcome again = train(engine, training, &validation, plan, end, observer.watch());
  EXPECT_THAT(engine.orders, SizeIs(0));
  EXPECT_FALSE(again.stopped);
  EXPECT_THAT(again.end.history, SizeIs(2));
}

TEST_F(TrainingLoop, RefusesAStartThatIsNoPositionOfThePlan) {
  const auto refused = [&](const TrainingPosition& start) {
    EXPECT_THROW(train(engine, training, nullptr, plan, start, observer.watch()), Error);
  };
  refused({.epoch = 0});
  refused({.epoch = 2});                         // without a history
  refused({.epoch = 4, .history = History(3)});  // beyond the last one
  refused({.epoch = 1, .step = 4, .rows = 10});  // of three
  refused({.epoch = 1, .step = 2, .rows = 7});   // of eight
  refused({.epoch = 1, .step = 3, .rows = 12});  // of ten
}

TEST(ImagesAStep, AreTheBatchOrAllThereAre) {
  EXPECT_EQ(images_a_step(128, 18), 18u);
  EXPECT_EQ(images_a_step(128, 128), 128u);
  EXPECT_EQ(images_a_step(128, 54'000), 128u);
}

}  // namespace
}  // namespace nib
