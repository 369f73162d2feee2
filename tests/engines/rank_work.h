#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "nib/engine.h"
#include "support/thread_ranks.h"

namespace nib {

/// A network with a dense layer whose update is shared out among ranks for batches of 128 and more, on one thread each.
Network wide_network();

/// All of a state, by hashes.
std::string state_hash(const TrainingState& state);

/// All that the ranks' work leaves on one of them.
struct RankOutcome {
  TrainResult trained;
  std::vector<StepResult> steps;
  Metrics metrics;
  std::vector<float> probabilities;
  TrainingState state;
};

/// Expects the same of both, to the bit.
void expect_same(const RankOutcome& outcome, const RankOutcome& expected);

/// What every rank does, or one process alone: trains from `state` on some rows in an order of their own, then
/// evaluates the set.
struct RankWork {
  EngineOptions options;
  std::shared_ptr<const Dataset> dataset;
  std::uint32_t rows = 0;  ///< to train on
  TrainingState state{};   ///< to begin from
  double learning_rate = 0.002;
  /// Behind each step; null: goes on. `rank` is 0 where there is one process.
  std::function<Next(unsigned rank, const StepResult& step)> behind_step{};

  /// From an uneven_state(), on synthetic digits.
  static RankWork on(const Network& network, std::uint32_t batch, std::uint32_t rows);

  std::unique_ptr<Engine> engine(Communicator* communicator) const;
  RankOutcome alone() const;
  std::vector<RankOutcome> on_ranks(ThreadRanks& ranks, unsigned size) const;
  RankOutcome run(Communicator* communicator) const;

  /// Of each of these numbers of ranks.
  void expect_same_on_ranks(std::initializer_list<unsigned> sizes) const;
};

}  // namespace nib
