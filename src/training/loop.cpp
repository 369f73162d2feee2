#include <chrono>

#include "base/error.h"
#include "nib/training.h"

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Loss and accuracy over the images seen so far.
struct RunningMeans {
  double loss_sum = 0;
  std::uint64_t correct = 0, rows = 0;

  double loss() const { return loss_sum / static_cast<double>(rows); }
  double accuracy() const { return static_cast<double>(correct) / static_cast<double>(rows); }
};

Next asked_to_stop(const TrainingWatch& watch) {
  return watch.stop_requested && watch.stop_requested() ? Next::stop : Next::go_on;
}

/// The training part of one epoch. Fills in `means`.
TrainResult train_epoch(Engine& engine, const ImageSet& images, std::uint32_t epoch, const TrainingPlan& plan,
                        const TrainingWatch& watch, RunningMeans& means) {
  const auto count = static_cast<std::uint32_t>(images.dataset().size());
  const std::uint64_t steps = (std::uint64_t{count} + plan.batch - 1) / plan.batch;
  TrainingProgress now{.epoch = epoch, .epochs = plan.epochs, .step = 0, .steps = steps};
  for (TrainingListener* const listener : watch.listeners) listener->epoch_begins(now);
  const std::vector<std::uint32_t> order = shuffled_order(plan.seed, epoch, count);
  const std::vector<double> learning_rates(steps, plan.learning_rate);
  return engine.train(images, order, learning_rates, [&](std::span<const StepResult> finished) {
    for (const StepResult& step : finished) {
      means.loss_sum += step.loss;
      means.correct += step.correct;
      means.rows += step.rows;
    }
    now.step += finished.size();
    now.loss = means.loss();
    now.accuracy = means.accuracy();
    for (TrainingListener* const listener : watch.listeners) listener->steps_end(now);
    return asked_to_stop(watch);
  });
}

}  // namespace

std::uint32_t images_a_step(std::uint32_t batch, std::size_t images) {
  return images < batch ? static_cast<std::uint32_t>(images) : batch;
}

TrainingOutcome train(Engine& engine, const ImageSet& training, const ImageSet* validation, const TrainingPlan& plan,
                      const TrainingWatch& watch) {
  if (plan.batch == 0) throw usage_error({.setting = "batch", .problem = "out of range", .expected = "1 or more"});
  TrainingOutcome outcome;
  for (std::uint32_t epoch = 1; epoch <= plan.epochs; ++epoch) {
    if (asked_to_stop(watch) == Next::stop) {
      outcome.stopped = true;
      return outcome;
    }
    const Clock::time_point begin = Clock::now();
    RunningMeans means;
    const TrainResult trained = train_epoch(engine, training, epoch, plan, watch, means);
    if (trained.nonfinite_step) {
      outcome.nonfinite = NonFiniteStep{.step = *trained.nonfinite_step,
                                        .epoch = epoch,
                                        .step_in_epoch = trained.steps + 1,
                                        .learning_rate = plan.learning_rate};
      return outcome;
    }
    if (trained.stopped) {
      outcome.stopped = true;
      return outcome;
    }
    EpochResult result{.epoch = epoch, .loss = means.loss(), .accuracy = means.accuracy()};
    result.training_seconds = seconds_since(begin);
    if (validation) {
      const Metrics held_out = engine.evaluate(*validation, {}, [&](std::uint64_t) { return asked_to_stop(watch); });
      if (held_out.stopped) {
        outcome.stopped = true;
        return outcome;
      }
      const RunningMeans means_held_out{held_out.loss_sum, held_out.correct, held_out.rows};
      result.validation_loss = means_held_out.loss();
      result.validation_accuracy = means_held_out.accuracy();
    }
    result.seconds = seconds_since(begin);
    outcome.history.push_back(result);
    for (TrainingListener* const listener : watch.listeners) listener->epoch_ends(result);
  }
  return outcome;
}

}  // namespace nib
