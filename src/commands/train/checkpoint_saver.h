#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "base/aside.h"
#include "base/error.h"
#include "base/notes.h"
#include "formats/weights.h"
#include "nib/engine.h"
#include "nib/training.h"
#include "runs/run_folder.h"

namespace nib {

/// Writes a checkpoint wherever the loop rests: the loop waits for the copy of its state alone, and goes on while the
/// file is made. settle() goes before the next rest, and before all else that concerns the folder. One that cannot be
/// written is told, and training goes on: the next one may find the disk as it should be, and the one before stays.
/// Where the folder was removed, or is another run's by now, nothing more can be kept: that is an Error (io), which
/// ends training.
class CheckpointSaver : public TrainingListener {
 public:
  /// All of it outlives this, and `aside` ends before. `model` is the run's, with whatever parameters, and stays as it
  /// is until settle(); `keep` checkpoints stay.
  CheckpointSaver(const Engine& engine, const WeightsFile& model, RunFolder& folder, std::uint32_t keep, Aside& aside,
                  Notes& notes)
      : engine_(engine), model_(model), folder_(folder), keep_(keep), aside_(aside), notes_(notes) {}

  void rests(const TrainingPosition& position) override;
  void settle();  ///< waits for the last checkpoint, and tells what became of it

  /// Writes the checkpoint of where the engine is now, unless it was the last that was written, and waits for it. Call
  /// settle() before. Throws Error.
  void save(const TrainingPosition& position);

  bool has_saved() const { return saved_.has_value(); }

 private:
  struct Moment {
    std::uint64_t step;
    std::uint32_t epoch;  // the same step is two moments: before the validation of an epoch, and behind it
    bool operator==(const Moment&) const = default;
  };
  void begin(const TrainingPosition& position);
  void finish();
  void tell(std::uint32_t epoch, const Error& error);

  const Engine& engine_;
  const WeightsFile& model_;
  RunFolder& folder_;
  std::uint32_t keep_;
  Aside& aside_;
  Notes& notes_;
  std::future<void> saving_;  ///< of begun_
  Moment begun_{};
  std::optional<Moment> saved_;
  std::string told_;
};

}  // namespace nib
