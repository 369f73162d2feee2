#include "training/fake_engine.h"

#include <algorithm>

namespace nib {

FakeEngine::FakeEngine(std::uint32_t batch)
    : Engine(
          {.network = {.input = {1, 1, 1}, .layers = {Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}},
           .batch = batch}) {}

std::unique_ptr<ImageSet::Storage> FakeEngine::do_upload(std::shared_ptr<const Dataset>) {
  return std::make_unique<ImageSet::Storage>();
}

TrainResult FakeEngine::do_train(const ImageSet&, std::span<const std::uint32_t> order, std::span<const double> rates,
                                 const Progress& progress) {
  orders.emplace_back(order.begin(), order.end());
  learning_rates.emplace_back(rates.begin(), rates.end());
  TrainResult result;
  std::vector<StepResult> finished;
  const std::size_t batch = options().batch;
  for (std::size_t begin = 0; begin < order.size(); begin += batch) {
    const auto rows = order.subspan(begin, std::min(batch, order.size() - begin));
    if (nonfinite_step == step_ + 1) {
      result.nonfinite_step = nonfinite_step;
      return result;
    }
    StepResult step{.step = ++step_, .rows = static_cast<std::uint32_t>(rows.size())};
    for (const std::uint32_t row : rows) {
      step.loss += row;
      step.correct += row % 2 == 0;
    }
    ++result.steps;
    finished.push_back(step);
    if (finished.size() < steps_a_call && begin + batch < order.size()) continue;
    result.stopped = progress(finished) == Next::stop;
    finished.clear();
    if (result.stopped) return result;
  }
  return result;
}

Metrics FakeEngine::do_evaluate(const ImageSet& images, std::span<float>, const EvaluationProgress& progress) {
  steps_before_evaluation.push_back(step_);
  Metrics metrics;
  metrics.rows = images.dataset().size();
  metrics.labelled = true;
  metrics.correct = 3;
  metrics.loss_sum = 6.0;
  metrics.stopped = progress(metrics.rows) == Next::stop;
  return metrics;
}

void FakeEngine::do_set_state(const TrainingState& state) { step_ = state.step; }

TrainingState FakeEngine::state() const {
  TrainingState state = first_state(options().network, zero_parameters(options().network));
  state.step = step_;
  return state;
}

}  // namespace nib
