#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/notes.h"
#include "formats/weights.h"
#include "nib/engine.h"
#include "nib/error.h"
#include "nib/training.h"
#include "runs/checkpoint_files.h"
#include "runs/run_folder.h"

namespace nib {

/// Keeps the weights of the best epoch, in memory and in the run's folder. It listens behind the saver of checkpoints:
/// a kill between the two leaves a checkpoint that has the best weights itself.
class BestKeeper : public TrainingListener {
 public:
  /// All of it outlives this. `model` is the run's, with whatever parameters.
  BestKeeper(const Engine& engine, const WeightsFile& model, const Monitor& monitor, RunFolder& folder, Notes& notes)
      : engine_(engine), model_(model), monitor_(monitor), folder_(folder), notes_(notes) {}

  /// Finds the best weights of the run that goes on, in its checkpoint or beside it. That they are lost is told: then
  /// there are none until an epoch is better. Writes nothing yet.
  void take_up(const FoundCheckpoint& found);
  void begin();  ///< puts what was taken up into the folder that the run goes on in
  void rests(const TrainingPosition& position) override;
  /// Tries once more to write what could not be written; where that fails, too, the folder has no best weights, rather
  /// than others, and the error (io) is returned.
  std::optional<Error> finish();

  /// Of the best epoch; nothing where there is none, or they are lost.
  const std::optional<Parameters>& weights() const { return weights_; }
  std::uint32_t epoch() const { return epoch_; }  ///< at whose end the run had them

 private:
  void keep(std::uint32_t epoch, Parameters weights);
  void write_or_tell();
  void write();

  const Engine& engine_;
  const WeightsFile& model_;
  const Monitor& monitor_;
  RunFolder& folder_;
  Notes& notes_;
  std::optional<Parameters> weights_;
  std::uint32_t epoch_ = 0;
  bool is_written_ = true;
  std::string told_;
};

}  // namespace nib
