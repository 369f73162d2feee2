#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nib/engine.h"
#include "nib/history.h"
#include "nib/schedule.h"

namespace nib {

/// What users may ask for.
inline constexpr std::uint32_t largest_batch = 1'000'000;
inline constexpr double least_learning_rate = 1e-30, greatest_learning_rate = 1e30;

struct TrainingPlan {
  std::uint32_t epochs = 5;
  std::uint32_t batch = 128;
  double learning_rate = 0.001;
  std::uint64_t seed = 0;  ///< of the shuffle
  Monitor monitor{};       ///< also of the plateau
  Schedule schedule{};
  std::optional<Plateau> plateau{};         ///< nothing: the rate is the schedule's alone
  std::optional<std::uint32_t> patience{};  ///< epochs without a better one that end the run early; nothing: none do
};

/// Where training stands, for progress bars and logs. Means are over the epoch so far.
struct TrainingProgress {
  std::uint32_t epoch = 0, epochs = 0;  ///< epoch from 1
  std::uint64_t step = 0, steps = 0;    ///< in this epoch, step finished from 1
  std::uint64_t run_step = 0;           ///< over the whole run, finished
  double learning_rate = 0;             ///< of the step finished last, or where none is, of the next one
  double loss = 0, accuracy = 0;        ///< NaN where no step of the epoch is finished
};

/// Where a run stands between two steps: with the engine's state, all that the loop has to know to go on as if it had
/// never stopped.
struct TrainingPosition {
  std::uint32_t epoch = 1;  ///< that is under way, from 1; behind the last one where the run is at its end
  std::uint64_t step = 0;   ///< finished of this epoch; all of them where only its validation is left
  double loss_sum = 0;      ///< over the epoch's images so far, added step by step
  std::uint64_t correct = 0, rows = 0;
  double seconds = 0;  ///< that this epoch has taken so far
  History history{};   ///< finished epochs
};

/// Who watches a training run: a progress bar, a log. Called on the caller's thread, in the order of what happens.
class TrainingListener {
 public:
  virtual ~TrainingListener() = default;
  /// Where a run goes on in the middle of an epoch, some of its steps are done.
  virtual void epoch_begins(const TrainingProgress&) {}
  virtual void step_ends(const StepResult&) {}        ///< each of them, in order, before
  virtual void steps_end(const TrainingProgress&) {}  ///< behind one or more steps
  virtual void epoch_ends(const EpochResult&) {}
  /// Behind every epoch, its validation included, and every `rest_every` steps: the engine is at rest, with the state
  /// that belongs to this position. Only here may a listener ask it for that.
  virtual void rests(const TrainingPosition&) {}
};

/// A step that was not finite: it changed nothing, and the run ended there.
struct NonFiniteStep {
  std::uint64_t step = 0;           ///< over the whole run, from 1
  std::uint32_t epoch = 0;          ///< from 1
  std::uint64_t step_in_epoch = 0;  ///< from 1
  double learning_rate = 0;
};

struct TrainingOutcome {
  TrainingPosition end{};  ///< to which the engine's state belongs
  bool stopped = false;
  std::optional<NonFiniteStep> nonfinite;
};

/// The permutation of 0 .. count-1 that epoch `epoch` (from 1) trains in: a function of seed, epoch and count
/// alone (Fisher-Yates with Philox4x32-10), the same for every engine and platform.
std::vector<std::uint32_t> shuffled_order(std::uint64_t seed, std::uint32_t epoch, std::uint32_t count);

/// The images of a full step: `batch`, or where there are fewer than that, all in one smaller batch, as in Keras.
std::uint32_t images_a_step(std::uint32_t batch, std::size_t images);

/// Steps of an epoch over so many images; the last one may have fewer than a batch.
std::uint64_t steps_an_epoch(std::size_t images, std::uint32_t batch);

/// The learning rate of step `step` of a run (from 1) that has `history` behind it: a function of these alone, so that
/// a run may go on from anywhere. What the plateau makes of the plan's rate goes through the schedule.
double learning_rate(const TrainingPlan& plan, const History& history, std::uint64_t step,
                     std::uint64_t steps_an_epoch);

/// Who watches, and who may end the run behind a finished step: `stop_requested` (may be empty) is asked between steps.
struct TrainingWatch {
  std::vector<TrainingListener*> listeners{};
  std::function<bool()> stop_requested{};
  std::uint64_t rest_every = 0;  ///< steps of the run, see TrainingListener::rests(); 0: behind epochs only
};

/// Trains `engine` by `plan` from `start`, to which its present state belongs, to the plan's last epoch, or to where
/// its patience ends. `validation` may be null. A run that stopped anywhere and goes on from where it stopped ends in
/// the bits of one that never did. Throws Error (usage) for a batch of 0 and a start that is no position of this plan.
TrainingOutcome train(Engine& engine, const ImageSet& training, const ImageSet* validation, const TrainingPlan& plan,
                      const TrainingPosition& start, const TrainingWatch& watch);

}  // namespace nib
