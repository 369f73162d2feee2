#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/last_acts.h"
#include "base/notes.h"
#include "formats/weights.h"
#include "runs/checkpoint.h"
#include "runs/output_folder.h"
#include "runs/run_record.h"
#include "statistics/predictions.h"

namespace nib {

/// What a training run may leave in its folder besides pictures.
std::vector<std::string> training_files();

/// The folder of a training run and the record in it, from "running" to its end. Whatever ends the run, the folder
/// holds whole files that say what they are. For one thread at a time, but for the record: save() and save_best() leave
/// it alone, so that they may run beside a thread that goes on with it.
class RunFolder {
 public:
  /// Throws Error, see OutputFolder.
  RunFolder(const FolderRequest& request, Notes& notes) : folder_(request, notes) {}

  OutputFolder& files() { return folder_; }
  const OutputFolder& files() const { return folder_; }
  std::string record_path() const;
  /// What the run has told of itself so far; it goes into the file when the run begins and when it ends.
  RunRecord record{};

  /// Marks the run as running and clears the folder of an earlier run's results, which is whole until then. From here
  /// on to its end a second signal marks the run as interrupted. A run that has stops goes on in its own folder, and
  /// keeps its beginning.
  void begin(Notes& notes);
  bool has_begun() const { return recorded_.has_value(); }

  /// Writes history, predictions where the record has a test result, weights and the record: the run is finished and
  /// whole.
  void finish(const WeightsFile& model, const Predictions& predictions);

  /// Writes the page that `make_page` makes of the finished record, and then the record, which names it.
  void add_report(const std::function<std::string(const RunRecord&)>& make_page);

  /// Writes a checkpoint. Of those in the folder `keep` stay: first the last ones that were written here, then those
  /// with the latest steps of before.
  void save(const Checkpoint& checkpoint, std::uint32_t keep);

  /// Writes the weights of the best epoch so far, and returns what to have in the record of them.
  BestWeights save_best(const WeightsFile& model, std::uint32_t epoch);
  /// Removes those that an earlier process left, where they are not the best.
  void remove_best();

  /// Keeps what there is of a run that did not get to its end: the checkpoint, where there is one that was not written
  /// yet, the history so far, and the status with its reason; nothing where the run had not begun, or is recorded as
  /// finished; nor in a folder that was removed or is another run's, which whoever noticed it has told. Returns the
  /// names of what could not be kept, and why is told; throws nothing but for lack of memory.
  std::vector<std::string> keep_unfinished(RunStatus status, const std::string& reason,
                                           const std::function<void()>& save_checkpoint, Notes& notes);

 private:
  void write_history();
  void write_text(const char* name, const std::string& text);  ///< and records its hash
  void complete_record(RunStatus status);                      ///< what only the end knows: time, memory, files
  void write_record(const std::function<void()>& named);
  void end_record(RunStatus status);  ///< the last record of a run that was marked as running

  OutputFolder folder_;
  std::vector<std::string> saved_{};   ///< checkpoints that were written here, in their order
  std::optional<RunStatus> recorded_;  ///< in run.json by now
  std::optional<WrittenAtLast> written_at_last_;
};

}  // namespace nib
