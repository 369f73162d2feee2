#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/notes.h"
#include "commands/train/train_options.h"
#include "encodings/json.h"
#include "inference/evaluation.h"
#include "logs/event_log.h"
#include "logs/tensorboard_log.h"
#include "nib/training.h"
#include "runs/run_record.h"

namespace nib {

/// The live logs of a training run, as far as they were asked for; docs/formats.md describes both. Once they are open
/// no failing write throws: a log that cannot be written any more is told once, and the run goes on without it.
class RunLogs : public TrainingListener {
 public:
  /// Opens the logs and so finds what can be wrong with their places; writes nothing yet, and what stays without an
  /// event is removed again. Where the options name a log of `before` the run goes on in it. Throws Error, see
  /// LogFile::open() and go_on(), and LogFolder. `force` lets the event log replace a file.
  RunLogs(const RunLogOptions& options, const std::optional<LogsRecord>& before, bool force, Notes& notes);

  /// The event log's file, empty for none.
  std::filesystem::path event_log() const;

  void start(const RunRecord& record);  ///< as it is when the run begins or goes on
  void epoch_begins(const TrainingProgress& progress) override;
  void steps_end(const TrainingProgress& progress) override;
  void epoch_ends(const EpochResult& result) override;
  void evaluation(const Evaluation& evaluation);
  void file(const std::string& name, const std::filesystem::path& path);  ///< that was written just now
  /// A picture as the bytes of its PNG file, for TensorBoard. Throws std::invalid_argument for other bytes.
  void add_picture(const std::string& name, std::span<const std::uint8_t> png);
  void end(const RunRecord& record);  ///< as it is when the run has ended

  /// All logs as they stand, forced to the disk; nothing where there are none.
  std::optional<LogsRecord> positions();

  /// Throws Error (io) when a log is not complete; `results` tells where the results are all the same.
  void check_complete(const std::string& results) const;

 private:
  void open_event_log(const std::string& path, const LogsRecord& before, bool force);
  void open_tensorboard(const std::string& folder, const LogsRecord& before);
  void write(const std::string& event, const Json& fields);
  void scalars(EventFile& file, const std::string& kind, std::uint64_t step, double loss, double accuracy);
  std::vector<const LogFile*> incomplete() const;
  void tell_incomplete();

  Notes& notes_;
  std::optional<EventLog> events_;
  std::optional<TensorBoardLog> tensorboard_;
  std::uint32_t every_;
  bool begun_before_ = false;         ///< the event log
  std::uint64_t next_step_ = 0;       ///< of this epoch, that has a batch event
  std::uint32_t epochs_ = 0;          ///< of the whole run
  std::uint64_t last_epoch_ = 0;      ///< finished; counted from 0, as Keras counts in its event files
  std::vector<const LogFile*> told_;  ///< to be incomplete
};

}  // namespace nib
