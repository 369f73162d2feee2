#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "base/error.h"
#include "nib/training.h"

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

/// Sums over the images seen so far, for their means.
double mean(double sum, std::uint64_t count) {
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

double rate_behind(const TrainingPlan& plan, const History& history) {
  if (!plan.plateau) return plan.learning_rate;
  return reduced_rate(*plan.plateau, plan.learning_rate, plan.monitor.figure, history);
}

/// A run on its way: moves its position on, step by step and epoch by epoch.
class Loop {
 public:
  Loop(Engine& engine, const ImageSet& training, const TrainingPlan& plan, TrainingPosition start,
       const TrainingWatch& watch)
      : engine_(engine),
        training_(training),
        plan_(plan),
        watch_(watch),
        count_(static_cast<std::uint32_t>(training.dataset().size())),
        steps_(steps_an_epoch(count_, plan.batch)) {
    outcome_.end = std::move(start);
    check_start();
  }

  TrainingOutcome run(const ImageSet* validation) {
    while (!is_at_its_end() && run_epoch(validation)) {
    }
    return std::move(outcome_);
  }

 private:
  TrainingPosition& now() { return outcome_.end; }

  bool is_at_its_end() {
    if (now().epoch > plan_.epochs) return true;
    return plan_.patience && now().step == 0 && stops_early(now().history, plan_.monitor, *plan_.patience);
  }

  void check_start() {
    const TrainingPosition& start = now();
    if (start.epoch == start.history.size() + 1 && start.epoch <= plan_.epochs + 1 && start.step <= steps_ &&
        start.rows == std::min<std::uint64_t>(start.step * plan_.batch, count_))
      return;
    throw usage_error({.field = "start",
                       .problem = "no position of this run",
                       .expected = fmt::format("up to step {} of epoch {}", steps_, plan_.epochs),
                       .got = fmt::format("step {} of epoch {}", start.step, start.epoch)});
  }

  Next wanted() const { return watch_.stop_requested && watch_.stop_requested() ? Next::stop : Next::go_on; }

  template <typename Event, typename Argument>
  void tell(Event event, const Argument& argument) const {
    for (TrainingListener* const listener : watch_.listeners) (listener->*event)(argument);
  }

  std::uint64_t run_step() { return (now().epoch - 1) * steps_ + now().step; }
  double rate(std::uint64_t step) const {
    return scheduled_rate(plan_.schedule, epoch_rate_, step, {.steps_an_epoch = steps_, .epochs = plan_.epochs});
  }
  /// Whether epochs tell their rates: where it may change, or may have changed before the run was resumed.
  bool varies() {
    return plan_.schedule.kind != ScheduleKind::constant || plan_.plateau ||
           (!now().history.empty() && now().history.back().learning_rate);
  }

  TrainingProgress progress() {
    return {.epoch = now().epoch,
            .epochs = plan_.epochs,
            .step = now().step,
            .steps = steps_,
            .run_step = run_step(),
            .learning_rate = rate(std::max<std::uint64_t>(run_step(), 1)),
            .loss = mean(now().loss_sum, now().rows),
            .accuracy = mean(static_cast<double>(now().correct), now().rows)};
  }

  /// False where the run ends in the middle of it.
  bool run_epoch(const ImageSet* validation) {
    if (engine_.agree(wanted()) == Next::stop) {
      outcome_.stopped = true;
      return false;
    }
    // As if the part that was trained before had been trained just now.
    begin_ = Clock::now() - std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(now().seconds));
    epoch_rate_ = rate_behind(plan_, now().history);
    tell(&TrainingListener::epoch_begins, progress());
    const std::vector<std::uint32_t> order = shuffled_order(plan_.seed, now().epoch, count_);
    while (now().step < steps_) {
      if (!run_steps(order)) return false;
      if (watch_.rest_every > 0 && now().step < steps_ && run_step() % watch_.rest_every == 0)
        tell(&TrainingListener::rests, now());
    }
    EpochResult result{.epoch = now().epoch, .loss = progress().loss, .accuracy = progress().accuracy};
    if (varies()) result.learning_rate = rate(run_step());
    result.training_seconds = seconds();
    if (validation && !validate(*validation, result)) return false;
    result.seconds = seconds();
    History history = std::move(now().history);
    history.push_back(result);
    now() = {.epoch = result.epoch + 1, .history = std::move(history)};
    tell(&TrainingListener::epoch_ends, result);
    tell(&TrainingListener::rests, now());
    return true;
  }

  /// Trains to the epoch's end or to where the engine shall rest. False where the run ends before.
  bool run_steps(std::span<const std::uint32_t> order) {
    std::uint64_t count = steps_ - now().step;
    if (watch_.rest_every > 0) count = std::min(count, watch_.rest_every - run_step() % watch_.rest_every);
    std::vector<double> rates;
    for (std::uint64_t step = 1; step <= count; ++step) rates.push_back(rate(run_step() + step));
    const std::size_t begin = now().step * plan_.batch,
                      end = std::min<std::size_t>(begin + count * plan_.batch, count_);
    const TrainResult trained =
        engine_.train(training_, order.subspan(begin, end - begin), rates, [&](std::span<const StepResult> finished) {
          for (const StepResult& step : finished) {
            now().loss_sum += step.loss;
            now().correct += step.correct;
            now().rows += step.rows;
            tell(&TrainingListener::step_ends, step);
          }
          now().step += finished.size();
          tell(&TrainingListener::steps_end, progress());
          return wanted();
        });
    now().seconds = seconds();
    if (trained.nonfinite_step)
      outcome_.nonfinite = NonFiniteStep{.step = run_step() + 1,
                                         .epoch = now().epoch,
                                         .step_in_epoch = now().step + 1,
                                         .learning_rate = rate(run_step() + 1)};
    if (trained.stopped) outcome_.stopped = true;
    return !trained.nonfinite_step && !trained.stopped;
  }

  bool validate(const ImageSet& validation, EpochResult& result) {
    const Metrics metrics = engine_.evaluate(validation, {}, [&](std::uint64_t) { return wanted(); });
    if (metrics.stopped) {
      outcome_.stopped = true;
      return false;
    }
    result.validation_loss = mean(metrics.loss_sum, metrics.rows);
    result.validation_accuracy = mean(static_cast<double>(metrics.correct), metrics.rows);
    return true;
  }

  /// That the epoch has taken so far.
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  Engine& engine_;
  const ImageSet& training_;
  const TrainingPlan& plan_;
  const TrainingWatch& watch_;
  std::uint32_t count_;
  std::uint64_t steps_;
  double epoch_rate_ = 0;  ///< before the schedule
  TrainingOutcome outcome_;
  Clock::time_point begin_{};  ///< of this epoch
};

}  // namespace

std::uint32_t images_a_step(std::uint32_t batch, std::size_t images) {
  return images < batch ? static_cast<std::uint32_t>(images) : batch;
}

std::uint64_t steps_an_epoch(std::size_t images, std::uint32_t batch) {
  return (std::uint64_t{images} + batch - 1) / batch;
}

double learning_rate(const TrainingPlan& plan, const History& history, std::uint64_t step,
                     std::uint64_t steps_an_epoch) {
  return scheduled_rate(plan.schedule, rate_behind(plan, history), step,
                        {.steps_an_epoch = steps_an_epoch, .epochs = plan.epochs});
}

TrainingOutcome train(Engine& engine, const ImageSet& training, const ImageSet* validation, const TrainingPlan& plan,
                      const TrainingPosition& start, const TrainingWatch& watch) {
  if (plan.batch == 0) throw usage_error({.setting = "batch", .problem = "out of range", .expected = "1 or more"});
  return Loop(engine, training, plan, start, watch).run(validation);
}

}  // namespace nib
