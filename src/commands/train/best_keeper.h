#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "base/aside.h"
#include "base/notes.h"
#include "formats/weights.h"
#include "nib/engine.h"
#include "nib/error.h"
#include "nib/training.h"
#include "runs/checkpoint_files.h"
#include "runs/run_folder.h"

namespace nib {

/// Keeps the weights of the best epoch, in memory and in the run's folder. It listens behind the saver of checkpoints,
/// and writes behind it, beside the loop as it does: a kill between the two leaves a checkpoint that has the best
/// weights itself.
class BestKeeper : public TrainingListener {
 public:
  /// All of it outlives this, and `aside`, which is the saver's, ends before. `model` is the run's, with whatever
  /// parameters, and stays as it is until settle().
  BestKeeper(const Engine& engine, const WeightsFile& model, const Monitor& monitor, RunFolder& folder, Aside& aside,
             Notes& notes)
      : engine_(engine), model_(model), monitor_(monitor), folder_(folder), aside_(aside), notes_(notes) {}

  /// Finds the best weights of the run that goes on, in its checkpoint or beside it. That they are lost is told: then
  /// there are none until an epoch is better. Writes nothing yet.
  void take_up(const FoundCheckpoint& found);
  void begin();  ///< puts what was taken up into the folder that the run goes on in
  void rests(const TrainingPosition& position) override;
  void settle();  ///< waits for the file, and has it in the record or tells what became of it
  /// Tries once more to write what could not be written; where that fails, too, the folder has no best weights, rather
  /// than others, and the error (io) is returned.
  std::optional<Error> finish();

  /// Of the weights; finish() writes them with it.
  void set_score(const std::string& score);

  /// Of the best epoch; nothing where there is none, or they are lost.
  const std::optional<Parameters>& weights() const { return weights_; }
  std::uint32_t epoch() const { return epoch_; }  ///< at whose end the run had them

 private:
  void keep(std::uint32_t epoch, Parameters weights);
  void begin_to_write();
  BestWeights write();

  const Engine& engine_;
  const WeightsFile& model_;
  const Monitor& monitor_;
  RunFolder& folder_;
  Aside& aside_;
  Notes& notes_;
  std::future<BestWeights> writing_;
  std::optional<Parameters> weights_;
  std::uint32_t epoch_ = 0;
  std::string score_;
  bool is_written_ = true;
  std::string told_;
};

}  // namespace nib
