#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "nib/training.h"
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

/// Does something wherever the loop rests.
class AtRest : public TrainingListener {
 public:
  explicit AtRest(std::function<void()> work) : work_(std::move(work)) {}
  void rests(const TrainingPosition&) override { work_(); }

 private:
  std::function<void()> work_;
};

}  // namespace nib
