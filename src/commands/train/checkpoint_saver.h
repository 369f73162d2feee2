#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/notes.h"
#include "formats/weights.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "runs/run_folder.h"

namespace nib {

/// Writes a checkpoint wherever the loop rests. One that cannot be written is told, and training goes on: the next one
/// may find the disk as it should be, and the one before stays.
class CheckpointSaver : public TrainingListener {
 public:
  /// All of it outlives this. `model` is the run's, with whatever parameters; `keep` checkpoints stay.
  CheckpointSaver(const Engine& engine, const WeightsFile& model, RunFolder& folder, std::uint32_t keep, Notes& notes)
      : engine_(engine), model_(model), folder_(folder), keep_(keep), notes_(notes) {}

  void rests(const TrainingPosition& position) override;

  /// Writes the checkpoint of where the engine is now, unless it was the last that was written. Throws Error.
  void save(const TrainingPosition& position);

  bool has_saved() const { return saved_step_.has_value(); }

 private:
  const Engine& engine_;
  const WeightsFile& model_;
  RunFolder& folder_;
  std::uint32_t keep_;
  Notes& notes_;
  std::optional<std::uint64_t> saved_step_;
  std::uint32_t saved_epoch_ = 0;
  std::string told_;
};

}  // namespace nib
