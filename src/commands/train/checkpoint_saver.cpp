#include "commands/train/checkpoint_saver.h"

#include <string>

#include "base/error.h"
#include "cli/flags.h"

namespace nib {

void CheckpointSaver::rests(const TrainingPosition& position) {
  try {
    save(position);
  } catch (const Error& error) {
    const std::string line = error_line(error);
    if (line != told_) notes_.warn("no checkpoint in epoch " + std::to_string(position.epoch) + ": " + line);
    told_ = line;
  }
}

void CheckpointSaver::save(const TrainingPosition& position) {
  Checkpoint checkpoint{.model = model_, .state = engine_.state(), .position = position, .record = folder_.record};
  // The same step is two positions: before the validation of an epoch, and behind it.
  if (saved_step_ == checkpoint.state.step && saved_epoch_ == position.epoch) return;
  const std::uint64_t step = checkpoint.state.step;
  checkpoint.record.status = RunStatus::running;
  folder_.save(checkpoint, keep_);
  saved_step_ = step;
  saved_epoch_ = position.epoch;
  told_.clear();
}

}  // namespace nib
