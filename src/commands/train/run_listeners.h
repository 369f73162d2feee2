#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "nib/engine.h"
#include "nib/training.h"
#include "runs/record_differences.h"
#include "training/step_curve.h"

namespace nib {

/// Keeps the history in the record as it grows, so that it is there whatever ends the run.
class HistoryKeeper : public TrainingListener {
 public:
  explicit HistoryKeeper(History& history) : history_(history) {}
  void epoch_ends(const EpochResult& result) override { history_.push_back(result); }

 private:
  History& history_;
};

/// How the steps go, where the curve has all that were before.
class StepCurveKeeper : public TrainingListener {
 public:
  explicit StepCurveKeeper(std::optional<StepCurve>& curve) : curve_(curve) {}
  void step_ends(const StepResult& step) override {
    if (curve_) curve_->add(step);
  }

 private:
  std::optional<StepCurve>& curve_;
};

/// Keeps the hashes of the weights at each epoch's end in the record.
class EpochWeightsKeeper : public TrainingListener {
 public:
  /// Of a run of so many epochs; where it would tell of too many tensors it leaves them out.
  EpochWeightsKeeper(const Engine& engine, std::vector<EpochWeights>& weights, std::uint32_t epochs)
      : engine_(engine), weights_(weights), epochs_(epochs) {}
  void rests(const TrainingPosition& position) override {
    if (position.step > 0 || position.history.empty()) return;
    constexpr std::uint64_t most_tensors = 1'000'000;  // of nine bytes each
    const Parameters parameters = engine_.state().parameters;
    weights_.resize(position.history.size());
    weights_.back() = epoch_weights(parameters, epochs_ * std::uint64_t{parameters.tensors.size()} <= most_tensors);
  }

 private:
  const Engine& engine_;
  std::vector<EpochWeights>& weights_;
  std::uint32_t epochs_;
};

/// Does something wherever the loop rests.
class AtRest : public TrainingListener {
 public:
  explicit AtRest(std::function<void()> work) : work_(std::move(work)) {}
  void rests(const TrainingPosition&) override { work_(); }

 private:
  std::function<void()> work_;
};

}  // namespace nib
