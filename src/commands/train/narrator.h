#pragma once

#include <string>

#include "cli/streams.h"
#include "commands/train/data_text.h"
#include "commands/train/train_options.h"
#include "data/catalogue.h"
#include "inference/evaluation.h"
#include "nib/training.h"
#include "runs/checkpoint_files.h"
#include "runs/run_folder.h"
#include "score/fit.h"
#include "terminal/progress_bar.h"

namespace nib {

/// Tells a training run in words as it goes, as the notebook does.
class Narrator : public TrainingListener {
 public:
  explicit Narrator(Streams& streams) : streams_(streams), bar_(streams.terminal()) {}

  void introduce_device(const std::string& description);
  void introduce_ranks(unsigned count, const std::string& library);
  void introduce_data(const DataCollection& source, const Split& split, const ValidationWords& validation,
                      const Dataset& test);
  void introduce_model(const Network& network, const std::string& weights);
  void tell_keras_start(const OptimizerState& training);
  /// What of the run is done.
  void tell_resumption(const FoundCheckpoint& found, std::uint64_t steps);
  void training_begins(const TrainOptions& options, const Split& split);
  void epoch_begins(const TrainingProgress& progress) override;
  void steps_end(const TrainingProgress& progress) override;
  void epoch_ends(const EpochResult& result) override;
  void training_stops();                        ///< in an epoch
  void training_ends(const RunRecord& record);  ///< with its last epoch, or before it
  void tell_no_test();
  /// `weights` tells which were tested.
  void test_ends(const Evaluation& evaluation, const Dataset& test, const std::string& weights);
  /// Why the weights have no score, or one without a judge; nothing where they have both.
  void tell_missing_score(const FittedScore& fitted);
  void conclude(const RunFolder& folder);

 private:
  Streams& streams_;
  ProgressBar bar_;
};

}  // namespace nib
