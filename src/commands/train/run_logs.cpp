#include "commands/train/run_logs.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "encodings/json.h"
#include "logs/summary_events.h"
#include "runs/run_record.h"

namespace nib {
namespace {

/// The version of the event log's fields, told by its first event.
constexpr int event_schema = 1;

/// "bytes" and "sha256" of a file, null where it cannot be read.
Json size_and_hash(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256Stream hash;
  std::uint64_t size = 0;
  std::array<char, 65536> part;
  while (file.read(part.data(), part.size()), file.gcount() > 0) {
    const auto count = static_cast<std::size_t>(file.gcount());
    hash.update({reinterpret_cast<const std::uint8_t*>(part.data()), count});
    size += count;
  }
  if (!file.eof()) return {{"bytes", nullptr}, {"sha256", nullptr}};
  return {{"bytes", size}, {"sha256", to_hex(hash.finish())}};
}

Json copy_of(const Json& record, std::initializer_list<const char*> keys) {
  Json fields;
  for (const char* const key : keys) fields[key] = record[key];
  return fields;
}

bool same_place(const std::filesystem::path& one, const std::filesystem::path& other) {
  std::error_code ignored;
  return std::filesystem::equivalent(one, other, ignored) ||
         std::filesystem::weakly_canonical(one, ignored) == std::filesystem::weakly_canonical(other, ignored);
}

std::string line_about(const LogFile& log) {
  return printable(log.path().string()) + ": " + system_message(log.lost());
}

}  // namespace

RunLogs::RunLogs(const RunLogOptions& options, const std::optional<LogsRecord>& before, bool force, Notes& notes)
    : notes_(notes), every_(options.every) {
  if (!options.json.empty()) open_event_log(options.json, before.value_or(LogsRecord()), force);
  if (!options.tensorboard.empty()) open_tensorboard(options.tensorboard, before.value_or(LogsRecord()));
}

void RunLogs::open_event_log(const std::string& path, const LogsRecord& before, bool force) {
  if (before.event_log && same_place(path, before.event_log->path)) {
    begun_before_ = std::filesystem::exists(path);
    if (!begun_before_) notes_.warn(printable(path) + ": the run's log is gone; a new one begins");
  }
  if (begun_before_)
    events_.emplace(*before.event_log, before.seconds);
  else
    events_.emplace(path, force);
}

void RunLogs::open_tensorboard(const std::string& folder, const LogsRecord& before) {
  const bool goes_on = !before.tensorboard.empty() && same_place(folder, before.tensorboard);
  tensorboard_.emplace(folder, goes_on ? before.event_files : std::vector<LogPosition>());
  if (tensorboard_->continues_another())
    notes_.warn(printable(folder) + "/train holds events of another run: TensorBoard will draw both as one");
  if (tensorboard_->lacks_files())
    notes_.warn(printable(folder) + ": event files of the run are gone; those that begin hold what comes now");
}

std::filesystem::path RunLogs::event_log() const { return events_ ? events_->file().path() : std::filesystem::path(); }

void RunLogs::start(const RunRecord& record) {
  if (tensorboard_) tensorboard_->cut();
  const Json all = to_json(record);
  if (!begun_before_) {
    Json fields = {{"schema", event_schema}};
    fields.update(copy_of(all, {"folder", "program", "machine", "engine", "configuration", "data"}));
    write("start", fields);
  }
  if (record.stops.empty()) return;
  if (!record.history.empty()) last_epoch_ = record.history.size() - 1;
  Json fields = {{"step", record.stops.back().step}, {"reason", record.stops.back().reason}};
  fields.update(copy_of(all, {"folder", "program", "machine", "engine", "configuration"}));
  write("resume", fields);
}

void RunLogs::epoch_begins(const TrainingProgress& progress) {
  epochs_ = progress.epochs;
  next_step_ = (progress.step / every_ + 1) * every_;
}

void RunLogs::steps_end(const TrainingProgress& progress) {
  if (progress.step < next_step_) return;
  next_step_ = (progress.step / every_ + 1) * every_;
  write("batch", {{"epoch", progress.epoch},
                  {"epochs", progress.epochs},
                  {"step", progress.step},
                  {"steps", progress.steps},
                  {"accuracy", progress.accuracy},
                  {"loss", progress.loss}});
  if (!tensorboard_) return;
  scalars(tensorboard_->train(), "batch", progress.run_step, progress.loss, progress.accuracy);
}

void RunLogs::epoch_ends(const EpochResult& result) {
  Json fields = {{"epoch", result.epoch}, {"epochs", epochs_}, {"accuracy", result.accuracy}, {"loss", result.loss}};
  if (result.validation_accuracy) fields["val_accuracy"] = *result.validation_accuracy;
  if (result.validation_loss) fields["val_loss"] = *result.validation_loss;
  if (result.learning_rate) fields["learning_rate"] = *result.learning_rate;
  fields["duration"] = result.seconds;
  write("epoch", fields);
  last_epoch_ = result.epoch - 1;
  if (!tensorboard_) return;
  if (result.learning_rate)
    tensorboard_->train().write(
        scalar_event(wall_time_now(), last_epoch_, "epoch_learning_rate", static_cast<float>(*result.learning_rate)));
  scalars(tensorboard_->train(), "epoch", last_epoch_, result.loss, result.accuracy);
  if (result.validation_loss && result.validation_accuracy)
    scalars(tensorboard_->validation(), "epoch", last_epoch_, *result.validation_loss, *result.validation_accuracy);
}

void RunLogs::evaluation(const Evaluation& evaluation) {
  Json fields = to_json(evaluation.result);
  fields["duration"] = evaluation.seconds;
  write("evaluation", fields);
  if (tensorboard_)
    scalars(tensorboard_->test(), "epoch", last_epoch_, evaluation.result.loss, evaluation.result.accuracy);
}

void RunLogs::file(const std::string& name, const std::filesystem::path& path) {
  if (!events_) return;
  Json fields = {{"name", name}};
  fields.update(size_and_hash(path));
  write("file", fields);
}

void RunLogs::add_picture(const std::string& name, std::span<const std::uint8_t> png) {
  if (!tensorboard_) return;
  tensorboard_->train().write(image_event(wall_time_now(), last_epoch_, name, png));
  tell_incomplete();
}

void RunLogs::end(const RunRecord& record) {
  write("end", copy_of(to_json(record), {"status", "reason", "weights_sha256"}));
}

std::optional<LogsRecord> RunLogs::positions() {
  LogsRecord logs{.every = every_};
  if (events_) {
    events_->file().sync();
    logs.event_log = events_->file().position();
    logs.seconds = events_->seconds();
  }
  if (tensorboard_) {
    tensorboard_->sync();
    if (auto files = tensorboard_->positions()) {
      logs.tensorboard = tensorboard_->folder();
      logs.event_files = std::move(*files);
    }
  }
  if (!logs.event_log && logs.tensorboard.empty()) return std::nullopt;
  return logs;
}

void RunLogs::check_complete(const std::string& results) const {
  if (const std::vector<const LogFile*> logs = incomplete(); !logs.empty())
    throw io_error({.file = logs.front()->path().string(),
                    .problem = "the log is not complete: " + system_message(logs.front()->lost()),
                    .hint = results});
}

void RunLogs::write(const std::string& event, const Json& fields) {
  if (!events_) return;
  events_->write(event, fields);
  tell_incomplete();
}

void RunLogs::scalars(EventFile& file, const std::string& kind, std::uint64_t step, double loss, double accuracy) {
  const double now = wall_time_now();
  file.write(scalar_event(now, step, kind + "_loss", static_cast<float>(loss)));
  file.write(scalar_event(now, step, kind + "_accuracy", static_cast<float>(accuracy)));
  tell_incomplete();
}

/// A reader that closes its pipe does not want to read on: that is no loss.
std::vector<const LogFile*> RunLogs::incomplete() const {
  std::vector<const LogFile*> logs;
  if (events_ && events_->file().lost() != 0 && events_->file().lost() != EPIPE) logs.push_back(&events_->file());
  if (tensorboard_ && tensorboard_->lost_file() != nullptr) logs.push_back(tensorboard_->lost_file());
  return logs;
}

void RunLogs::tell_incomplete() {
  for (const LogFile* const log : incomplete()) {
    if (std::ranges::find(told_, log) != told_.end()) continue;
    notes_.warn(line_about(*log) + "; the run goes on without this log");
    told_.push_back(log);
  }
}

}  // namespace nib
