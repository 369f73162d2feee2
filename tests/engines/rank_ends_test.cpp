// However a run on ranks ends, it ends on all of them, in the same state, or with an error; nobody is left waiting.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "engines/engine_case.h"
#include "engines/rank_work.h"
#include "model/fit.h"
#include "nib/training.h"
#include "support/golden.h"
#include "support/synthetic.h"

namespace nib {
namespace {

using testing::HasSubstr;

const Network& small_network() {
  static const Network network = std::ranges::find(golden::networks(), "dropout", &golden::NamedNetwork::name)->network;
  return network;
}

/// Each rank in turn asks to stop behind each step, the last one included.
TEST(RanksThatStop, AreThoseOfOneProcessThatStopsThere) {
  for (const std::uint64_t stop : {1U, 2U, 4U}) {
    for (const unsigned who : {0U, 2U}) {
      SCOPED_TRACE("rank " + std::to_string(who) + " stops at step " + std::to_string(stop));
      RankWork work = RankWork::on(small_network(), 12, 4 * 12);
      const std::uint64_t last = work.state.step + stop;
      const auto stops = [&](const StepResult& step) { return step.step == last ? Next::stop : Next::go_on; };
      work.behind_step = [&](unsigned, const StepResult& step) { return stops(step); };
      const RankOutcome expected = work.alone();
      EXPECT_TRUE(expected.trained.stopped);
      EXPECT_EQ(expected.trained.steps, stop);
      work.behind_step = [&](unsigned rank, const StepResult& step) { return rank == who ? stops(step) : Next::go_on; };
      ThreadRanks ranks(3, true);
      for (const RankOutcome& outcome : work.on_ranks(ranks, 3)) expect_same(outcome, expected);
    }
  }
}

/// They train again behind it: nothing of the wish is left.
TEST(RanksThatStop, GoOnAsIfTheyNeverHad) {
  RankWork work = RankWork::on(small_network(), 12, 3 * 12);
  const RankOutcome expected = work.alone();
  ThreadRanks ranks(3);
  rethrow_first(ranks.run([&](Communicator& communicator) {
    const auto engine = work.engine(&communicator);
    const ImageSet set = engine->upload(work.dataset);
    const std::vector<std::uint32_t> order = shuffled_order(4, 1, static_cast<std::uint32_t>(work.dataset->size()));
    const std::vector<double> rates(3, work.learning_rate);
    const TrainResult first = engine->train(set, std::span(order).first(36), rates,
                                            [&](auto) { return communicator.rank() == 1 ? Next::stop : Next::go_on; });
    EXPECT_TRUE(first.stopped);
    EXPECT_EQ(first.steps, 1U);
    const TrainResult second = engine->train(set, std::span(order).subspan(12, 24), std::span(rates).first(2), {});
    EXPECT_FALSE(second.stopped);
    EXPECT_EQ(second.steps, 2U);
    EXPECT_EQ(state_hash(engine->state()), state_hash(expected.state));
  }));
}

TEST(RanksThatStop, EndAnEvaluation) {
  const RankWork work = RankWork::on(small_network(), 12, 12);
  ThreadRanks ranks(3);
  std::vector<Metrics> metrics(3);
  rethrow_first(ranks.run([&](Communicator& communicator) {
    const auto engine = work.engine(&communicator);
    const ImageSet set = engine->upload(synthetic::shared_digits(10, 10, 10, 2000));
    metrics[communicator.rank()] = engine->evaluate(set, {}, [&](std::uint64_t images) {
      return communicator.rank() == 2 && images > 400 ? Next::stop : Next::go_on;
    });
  }));
  for (const Metrics& each : metrics) {
    EXPECT_TRUE(each.stopped);
    EXPECT_EQ(each.rows, metrics[0].rows);
    EXPECT_GT(each.rows, 400U);
    EXPECT_LT(each.rows, 2000U);
  }
}

TEST(RanksThatStop, AgreeOnIt) {
  const RankWork work = RankWork::on(small_network(), 12, 12);
  EXPECT_EQ(work.engine(nullptr)->agree(Next::stop), Next::stop);
  EXPECT_EQ(work.engine(nullptr)->agree(Next::go_on), Next::go_on);
  ThreadRanks ranks(3);
  rethrow_first(ranks.run([&](Communicator& communicator) {
    const auto engine = work.engine(&communicator);
    EXPECT_EQ(engine->agree(Next::go_on), Next::go_on);
    EXPECT_EQ(engine->agree(communicator.rank() == 1 ? Next::stop : Next::go_on), Next::stop);
    EXPECT_EQ(engine->agree(Next::go_on), Next::go_on);
  }));
}

/// A run of two epochs with a validation, on so many ranks (0: one process).
struct LoopEnd {
  TrainingOutcome outcome;
  TrainingState state;
};

class RankLoop : public testing::Test {
 protected:
  /// One rank, the last, asks for the stop the how many-th time that it is asked itself; 0: never.
  LoopEnd run(unsigned size, const LoopEnd& start, std::uint64_t stop_at) const {
    std::vector<LoopEnd> ends(std::max(size, 1U));
    const auto work = [&](Communicator* communicator) {
      const unsigned rank = communicator ? communicator->rank() : 0;
      std::string note;
      const auto engine = make_engine("cpu", options(communicator), note);
      engine->set_state(start.state);
      const ImageSet training = engine->upload(synthetic::shared_digits(10, 10, 10, 50)),
                     held_out = engine->upload(synthetic::shared_digits(10, 10, 10, 600));
      std::uint64_t asked = 0;
      TrainingWatch watch{
          .stop_requested = [&] { return ++asked >= stop_at && stop_at > 0 && rank + 1 == ends.size(); },
          .rest_every = 3};
      ends[rank].outcome = train(*engine, training, &held_out, plan, start.outcome.end, watch);
      ends[rank].state = engine->state();
    };
    if (size == 0) {
      work(nullptr);
    } else {
      ThreadRanks ranks(size);
      rethrow_first(ranks.run([&](Communicator& communicator) { work(&communicator); }));
    }
    for (const LoopEnd& end : ends) {
      EXPECT_EQ(state_hash(end.state), state_hash(ends[0].state));
      EXPECT_EQ(end.outcome.stopped, ends[0].outcome.stopped);
      EXPECT_EQ(end.outcome.end.epoch, ends[0].outcome.end.epoch);
      EXPECT_EQ(end.outcome.end.step, ends[0].outcome.end.step);
      EXPECT_EQ(end.outcome.end.loss_sum, ends[0].outcome.end.loss_sum);
    }
    return ends[0];
  }

  static EngineOptions options(Communicator* communicator) {
    return {.network = small_network(), .batch = 12, .seed = 4, .communicator = communicator};
  }

  LoopEnd begin() const {
    return {.outcome = {}, .state = first_state(small_network(), initial_parameters(small_network(), 4))};
  }

  TrainingPlan plan{.epochs = 2, .batch = 12, .learning_rate = 0.002, .seed = 4};
};

/// Wherever it stops - before an epoch, behind a step, in a validation - it goes on with other ranks to the end of one
/// process.
TEST_F(RankLoop, GoesOnWithAnyNumberOfRanksFromWhereverItStopped) {
  const LoopEnd expected = run(0, begin(), 0);
  std::uint64_t stopped = 0;
  for (std::uint64_t stop = 1;; ++stop) {
    SCOPED_TRACE("asked " + std::to_string(stop) + " times");
    const LoopEnd broken_off = run(4, begin(), stop);
    if (!broken_off.outcome.stopped) break;
    ++stopped;
    const LoopEnd end = run(3, broken_off, 0);
    EXPECT_EQ(state_hash(end.state), state_hash(expected.state));
    ASSERT_EQ(end.outcome.end.history.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(end.outcome.end.history[i].loss, expected.outcome.end.history[i].loss);
      EXPECT_EQ(end.outcome.end.history[i].validation_loss, expected.outcome.end.history[i].validation_loss);
    }
  }
  EXPECT_GE(stopped, 2 * (1 + 5 + 1)) << "of each epoch the beginning, its steps and its validation";
}

/// At each exchange of a run - at the engine's making, of rows, weights, squares, moments, flags and answers - one rank
/// fails: it ends with its error, the others with one of the device.
TEST(RanksThatFail, EndTheOthersAtEveryExchange) {
  RankWork work = RankWork::on(wide_network(), 128, 128 + 20);
  work.options.optimizer.clip_norm = 0.1;
  ThreadRanks ranks(3);
  work.on_ranks(ranks, 3);
  const std::uint64_t exchanges = ranks.exchanges();
  ASSERT_GT(exchanges, 2 * 4U);
  for (std::uint64_t when = 0; when < exchanges; ++when) {
    const unsigned who = static_cast<unsigned>(when % 3);
    SCOPED_TRACE("rank " + std::to_string(who) + " fails at exchange " + std::to_string(when));
    ranks.interrupt_with([&](unsigned rank, std::uint64_t exchange) {
      if (rank == who && exchange == when) throw std::runtime_error("played");
    });
    const auto thrown = ranks.run([&](Communicator& communicator) { work.run(&communicator); });
    for (unsigned rank = 0; rank < 3; ++rank) {
      ASSERT_TRUE(thrown[rank]) << "rank " << rank << " has noticed nothing";
      try {
        std::rethrow_exception(thrown[rank]);
      } catch (const Error& error) {
        EXPECT_NE(rank, who);
        EXPECT_EQ(error.code(), ExitCode::device);
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(rank, who);
        EXPECT_STREQ(error.what(), "played");
      }
    }
  }
}

/// What is thrown behind a step, such as of a full disk.
TEST(RanksThatFail, BetweenStepsEndTheOthers) {
  RankWork work = RankWork::on(small_network(), 12, 4 * 12);
  work.behind_step = [&](unsigned rank, const StepResult& step) {
    if (rank == 0 && step.step == work.state.step + 2) throw io_error({.file = "model.safetensors", .problem = "full"});
    return Next::go_on;
  };
  ThreadRanks ranks(3);
  const auto thrown = ranks.run([&](Communicator& communicator) { work.run(&communicator); });
  EXPECT_TRUE(std::ranges::all_of(thrown, [](const std::exception_ptr& each) { return each != nullptr; }));
  try {
    rethrow_first(thrown);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
  }
}

/// Parameters overflow in the second step, those of one rank's share among them; as in one process the third changes
/// nothing.
TEST(RanksThatOverflow, EndInTheSameStepAsOneProcess) {
  for (const double rate : {1e30, 1e60}) {
    RankWork work = RankWork::on(wide_network(), 128, 4 * 128);
    work.learning_rate = rate;
    const RankOutcome expected = work.alone();
    ASSERT_TRUE(expected.trained.nonfinite_step.has_value());
    ThreadRanks ranks(3);
    for (const RankOutcome& outcome : work.on_ranks(ranks, 3)) expect_same(outcome, expected);
  }
}

TEST(RanksThatOverflow, NoticeOneNumberWhereverItIs) {
  RankWork work = RankWork::on(wide_network(), 128, 2 * 128);
  for (const std::size_t tensor : {0U, 1U, 3U}) {
    work.state = uneven_state(work.options.network);
    work.state.parameters.tensors[tensor].values.back() = std::numeric_limits<float>::quiet_NaN();
    const RankOutcome expected = work.alone();
    EXPECT_EQ(expected.trained.nonfinite_step, work.state.step + 1);
    ThreadRanks ranks(2);
    for (const RankOutcome& outcome : work.on_ranks(ranks, 2)) expect_same(outcome, expected);
  }
}

/// Finite gradients whose squares are not, of weights that one rank alone looks at; then nothing changes.
TEST(RanksThatOverflow, NoticeSquaresOfGradients) {
  RankWork work = RankWork::on(wide_network(), 128, 128);
  for (float& weight : work.state.parameters.tensors[0].values) weight *= 1e-25F;
  for (float& bias : work.state.parameters.tensors[1].values) bias *= 1e-25F;
  for (float& weight : work.state.parameters.tensors[2].values) weight *= 1e25F;
  const RankOutcome expected = work.alone();
  EXPECT_EQ(expected.trained.nonfinite_step, work.state.step + 1);
  EXPECT_EQ(state_hash(expected.state), state_hash(work.state));
  ThreadRanks ranks(2);
  for (const RankOutcome& outcome : work.on_ranks(ranks, 2)) expect_same(outcome, expected);
}

TEST(RanksThatAreMeasured, TellOfTheirExchangesAndKeepTheirState) {
  const RankWork work = RankWork::on(wide_network(), 128, 128);
  ThreadRanks ranks(2);
  rethrow_first(ranks.run([&](Communicator& communicator) {
    const auto engine = work.engine(&communicator);
    const ImageSet set = engine->upload(work.dataset);
    const Diagnostics diagnostics = engine->diagnostics(set, synthetic::file_order(256), 16);
    const auto exchange = std::ranges::find(diagnostics.phases, "exchange", &PhaseTime::name);
    ASSERT_NE(exchange, diagnostics.phases.end());
    EXPECT_GT(exchange->seconds, 0);
    EXPECT_EQ(state_hash(engine->state()), state_hash(work.state));
  }));
}

TEST(RanksOnGpus, AreRefused) {
  ThreadRanks ranks(2);
  rethrow_first(ranks.run([&](Communicator& communicator) {
    std::string note;
    EngineOptions options{.network = small_network(), .communicator = &communicator};
    for (const char* const device : {"cuda", "cuda:0"}) {
      try {
        make_engine(device, options, note);
        ADD_FAILURE() << "nothing was thrown";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::device);
        EXPECT_STREQ(error.what(), "CUDA: several ranks cannot train together on GPUs yet");
      }
    }
    EXPECT_THAT(make_engine("auto", options, note)->description(), HasSubstr("cpu"));
    EXPECT_THAT(note, HasSubstr("several ranks cannot train together on GPUs yet"));
  }));
}

}  // namespace
}  // namespace nib
