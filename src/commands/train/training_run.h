#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/aside.h"
#include "cli/streams.h"
#include "commands/train/best_keeper.h"
#include "commands/train/checkpoint_saver.h"
#include "commands/train/narrator.h"
#include "commands/train/ranked_training.h"
#include "commands/train/resumption.h"
#include "commands/train/run_logs.h"
#include "commands/train/train_options.h"
#include "inference/evaluation.h"
#include "nib/training.h"
#include "runs/run_folder.h"

namespace nib {

/// One training run from its data to its files, step by step in the order of the notebook.
class TrainingRun : private RankedTraining {
 public:
  /// Prepares everything, and so finds everything that can be wrong before any work is done. Writes nothing yet.
  /// `resumed`: where it goes on, if it does, see open_resumption(). Of several ranks this is rank 0.
  TrainingRun(const TrainOptions& options, std::optional<FoundCheckpoint> resumed, Streams& streams, Ranks& ranks);

  void begin();      ///< clears the folder and marks the run as running
  void introduce();  ///< tells device, data, samples and network
  bool fit();        ///< trains; false when a signal asked for a stop. Throws Error (numeric) for a step not finite
  bool test();       ///< evaluates on the test images, where there are any with labels; false likewise
  void save();       ///< writes weights, history, predictions and record
  /// Writes the pictures, where they are wanted; the run is finished and whole before. False when a signal asked for a
  /// stop before all were written.
  bool draw();
  void conclude();  ///< tells the files and the hash of the weights

  /// Keeps what there is of a run that did not get to its end, and returns what could not be kept, see RunFolder.
  std::vector<std::string> keep_unfinished(RunStatus status, const std::string& reason);
  /// The command that goes on from what was kept.
  std::string way_on() const;

  /// Ends the logs: the last event of a run, whatever became of it. Never throws.
  void end_logs();
  /// Throws Error (io) when a log that was asked for is not complete.
  void check_logs() const;

  const OutputFolder& folder() const { return folder_.files(); }
  const RunRecord& record() const { return folder_.record; }

 private:
  void refuse_to_replace_inputs() const;
  void choose_weights();
  void go_on_from(const Checkpoint& checkpoint);
  void score();
  void settle();       ///< waits for what is written beside training
  void record_logs();  ///< as they stand, for the next checkpoint

  std::optional<FoundCheckpoint> resumed_;
  RunFolder folder_;
  RunLogs logs_;  ///< may lie in the folder, and so goes before it
  Narrator narrator_;
  std::optional<CheckpointSaver> saver_;
  std::optional<BestKeeper> best_;
  std::optional<TrainingPosition> end_;  ///< where training stands while it does not run
  std::optional<Evaluation> evaluation_;
  Aside aside_;  ///< last: what is done there needs everything else
};

}  // namespace nib
