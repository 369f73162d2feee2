#pragma once

#include <optional>

#include "commands/train/prepared_training.h"
#include "inference/evaluation.h"
#include "nib/training.h"
#include "ranks/ranks.h"
#include "runs/checkpoint_files.h"

namespace nib {

/// A training in which ranks may take part: what all of them do alike. Rank 0 does more around it, see TrainingRun.
class RankedTraining : protected PreparedTraining {
 protected:
  RankedTraining(const TrainOptions& options, WeightsFile start, Streams& streams, Ranks& ranks)
      : PreparedTraining(options, std::move(start), streams), ranks_(ranks) {}

  /// With the data at hand, for whose reading ranks may need very different times.
  void start_engine_together();

  /// With data and engine at hand, before anything is written: throws Error where a rank would train something else.
  void require_same(const std::optional<FoundCheckpoint>& resumed);

  /// Ends by a signal to any rank, which all of them have got behind it, see requested_stop().
  TrainingOutcome train_together(const TrainingPosition& start, const TrainingWatch& watch);

  /// On the test images; `others` are the weights to test where they are not those that training left, on rank 0.
  /// Nothing where a signal asked one of them to stop.
  std::optional<Evaluation> test_together(const Parameters* others);

  Ranks& ranks_;
};

/// A rank other than 0 of a training: it computes its share, and writes and tells nothing.
class TrainingShare : private RankedTraining {
 public:
  TrainingShare(const TrainOptions& options, std::optional<FoundCheckpoint> resumed, Streams& streams, Ranks& ranks);
  /// To the end, or until it is stopped. Throws Error (numeric) for a step not finite, and where a rank fails.
  void run();

 private:
  std::optional<FoundCheckpoint> resumed_;
};

}  // namespace nib
