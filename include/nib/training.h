#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nib/engine.h"

namespace nib {

struct TrainingPlan {
  std::uint32_t epochs = 5;
  std::uint32_t batch = 128;
  double learning_rate = 0.001;
  std::uint64_t seed = 0;  ///< of the shuffle
};

/// One epoch's figures. Loss and accuracy are running means over the epoch's images while the weights move;
/// the validation figures are those of the weights at its end.
struct EpochResult {
  std::uint32_t epoch = 0;  ///< from 1
  double loss = 0, accuracy = 0;
  std::optional<double> validation_loss{}, validation_accuracy{};
  double seconds = 0;           ///< training and validation, wall clock
  double training_seconds = 0;  ///< training alone
};

using History = std::vector<EpochResult>;

/// The epoch with the lowest validation loss, without validation with the lowest loss; the first of several, and
/// nothing where no such loss is a number.
std::optional<std::uint32_t> best_epoch(const History& history);

/// Where training stands, for progress bars and logs. Means are over the epoch so far.
struct TrainingProgress {
  std::uint32_t epoch = 0, epochs = 0;  ///< epoch from 1
  std::uint64_t step = 0, steps = 0;    ///< in this epoch, step finished from 1
  double loss = 0, accuracy = 0;
};

/// Who watches a training run: a progress bar, a log. Called on the caller's thread, in the order of what happens.
class TrainingListener {
 public:
  virtual ~TrainingListener() = default;
  virtual void epoch_begins(const TrainingProgress& /*none of its steps done*/) {}
  virtual void steps_end(const TrainingProgress&) {}  ///< behind one or more steps
  virtual void epoch_ends(const EpochResult&) {}
};

/// A step that was not finite: it changed nothing, and the run ended there.
struct NonFiniteStep {
  std::uint64_t step = 0;           ///< over the whole run, from 1
  std::uint32_t epoch = 0;          ///< from 1
  std::uint64_t step_in_epoch = 0;  ///< from 1
  double learning_rate = 0;
};

struct TrainingOutcome {
  History history;  ///< finished epochs
  bool stopped = false;
  std::optional<NonFiniteStep> nonfinite;
};

/// The permutation of 0 .. count-1 that epoch `epoch` (from 1) trains in: a function of seed, epoch and count
/// alone (Fisher-Yates with Philox4x32-10), the same for every engine and platform.
std::vector<std::uint32_t> shuffled_order(std::uint64_t seed, std::uint32_t epoch, std::uint32_t count);

/// The images of a full step: `batch`, or where there are fewer than that, all in one smaller batch, as in Keras.
std::uint32_t images_a_step(std::uint32_t batch, std::size_t images);

/// Who watches, and who may end the run behind a finished step: `stop_requested` (may be empty) is asked between steps.
struct TrainingWatch {
  std::vector<TrainingListener*> listeners{};
  std::function<bool()> stop_requested{};
};

/// Trains `engine` from its present state by `plan`. `validation` may be null.
TrainingOutcome train(Engine& engine, const ImageSet& training, const ImageSet* validation, const TrainingPlan& plan,
                      const TrainingWatch& watch);

}  // namespace nib
