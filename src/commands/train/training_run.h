#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cli/streams.h"
#include "commands/setup.h"
#include "commands/train/run_logs.h"
#include "inference/evaluation.h"
#include "nib/training.h"
#include "runs/output_folder.h"
#include "runs/run_record.h"

namespace nib {

struct TrainOptions {
  std::string data = "mnist";
  TrainingPlan plan{};
  double validation_split = 0.1;
  DeviceChoice device{};
  std::string network{};  ///< empty: that of the start weights, else the digits network
  std::string weights{};  ///< empty: initial weights from the seed
  std::string out{};
  bool force = false;
  bool pictures = true;
  RunLogOptions logs{};
};

/// One training run from its data to its files, step by step in the order of the notebook.
class TrainingRun {
 public:
  /// Prepares everything, and so finds everything that can be wrong before any work is done. Writes nothing yet.
  TrainingRun(const TrainOptions& options, Streams& streams);

  void begin();      ///< clears the folder and marks the run as running
  void introduce();  ///< tells device, data, samples and network
  bool fit();        ///< trains; false when a signal asked for a stop. Throws Error (numeric) for a step not finite
  bool test();       ///< evaluates on the test images; false likewise
  void save();       ///< writes weights, history, predictions and record
  void draw();       ///< writes the pictures, where they are wanted; the run is finished and whole before
  void conclude();   ///< tells the files and the hash of the weights

  /// Keeps what there is of a run that did not get to its end: interrupted.safetensors, the history so far, and the
  /// status ("interrupted", "failed") with its reason. Never throws; what cannot be kept is told.
  void keep_unfinished(RunStatus status, const std::string& reason);

  /// Ends the logs: the last event of a run, whatever became of it. Never throws.
  void end_logs() { logs_.end(to_json(record_)); }
  /// Throws Error (io) when a log that was asked for is not complete.
  void check_logs() const;

  const OutputFolder& folder() const { return folder_; }
  const RunRecord& record() const { return record_; }

 private:
  using Clock = std::chrono::steady_clock;
  void refuse_to_replace_inputs() const;
  void complete_record(RunStatus status);  ///< of the run's end
  void write_record();
  void write_history();

  TrainOptions options_;
  Streams& streams_;
  Parameters parameters_;  ///< the start weights, later the trained ones; chosen together with the network
  Network network_;
  OutputFolder folder_;
  RunLogs logs_;           ///< may lie in the folder, and so goes before it
  DataCollection source_;  ///< its images are moved into split_ and test_set_
  Split split_;
  std::shared_ptr<const Dataset> test_set_;
  std::unique_ptr<Engine> engine_;
  std::optional<ImageSet> training_, validation_, test_;
  std::optional<Evaluation> evaluation_;
  RunRecord record_;
};

}  // namespace nib
