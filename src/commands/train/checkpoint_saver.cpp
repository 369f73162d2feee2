#include "commands/train/checkpoint_saver.h"

#include <string>
#include <utility>

#include "cli/flags.h"

namespace nib {

void CheckpointSaver::rests(const TrainingPosition& position) {
  folder_.files().require_hold();
  try {
    begin(position);
  } catch (const Error& error) {
    tell(position.epoch, error);
  }
}

void CheckpointSaver::settle() {
  try {
    finish();
  } catch (const Error& error) {
    tell(begun_.epoch, error);
  }
}

void CheckpointSaver::save(const TrainingPosition& position) {
  begin(position);
  finish();
}

void CheckpointSaver::begin(const TrainingPosition& position) {
  TrainingState state = engine_.state();
  const Moment now{.step = state.step, .epoch = position.epoch};
  if (saved_ == now) return;
  RunRecord record = folder_.record;
  record.status = RunStatus::running;
  begun_ = now;
  saving_ = aside_.begin([this, state = std::move(state), position, record = std::move(record)]() mutable {
    folder_.save(
        {.model = model_, .state = std::move(state), .position = std::move(position), .record = std::move(record)},
        keep_);
  });
}

void CheckpointSaver::finish() {
  if (!saving_.valid()) return;
  saving_.get();
  saved_ = begun_;
  told_.clear();
}

void CheckpointSaver::tell(std::uint32_t epoch, const Error& error) {
  folder_.files().require_hold();
  const std::string line = error_line(error);
  if (line != told_) notes_.warn("no checkpoint in epoch " + std::to_string(epoch) + ": " + line);
  told_ = line;
}

}  // namespace nib
