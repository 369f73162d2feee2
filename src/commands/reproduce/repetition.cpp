#include "commands/reproduce/repetition.h"

#include <fmt/core.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/signals.h"
#include "base/text.h"
#include "commands/reproduce/device_kind.h"
#include "commands/train/narrator.h"
#include "commands/train/prepared_training.h"
#include "commands/train/resumption.h"
#include "commands/train/run_listeners.h"
#include "data/description.h"
#include "inference/evaluation.h"
#include "inference/model.h"
#include "machine/machine.h"
#include "runs/checkpoint_files.h"
#include "runs/file_names.h"
#include "runs/run_monitor.h"
#include "statistics/predictions_csv.h"
#include "training/history.h"

namespace nib {
namespace {

std::vector<std::string> hashes_of_data(const RunRecord& record) {
  std::vector<std::string> hashes;
  for (const FileRecord& file : record.data.files) hashes.push_back(file.raw_sha256);
  return hashes;
}

/// Data, start weights and settings of a run, held against its record, and then its training.
class RepeatedTraining : private PreparedTraining, private TrainingListener {
 public:
  RepeatedTraining(const RecordedRun& run, const TrainOptions& options, std::vector<std::uint32_t> epochs,
                   Streams& streams)
      : PreparedTraining(options, open_model(run.files.network, options.model, options.plan.seed, streams), streams),
        run_(run),
        record_(run.record()),
        wanted_(std::move(epochs)),
        narrator_(streams) {
    check_start();
    std::vector<std::jthread> gpu_start = warm_up_device(options_.device);
    load();
    check_data();
    gpu_start.clear();
    start_engine();
    describe(result_.again);
    check_settings();
    begin_where_keras_ended();
  }

  /// False where a signal asked for a stop.
  bool run();
  Repetition result() { return std::move(result_); }

 private:
  void check_start() const;
  void load();
  void check_data() const;
  void start_engine();
  void check_settings();
  void go_to_checkpoint_before(std::uint32_t epoch);
  bool train_to(std::uint32_t epoch);
  bool test();
  void epoch_ends(const EpochResult& result) override { result_.again.history.push_back(result); }
  void rests(const TrainingPosition& position) override;
  void compare_epoch(std::uint32_t epoch, const TrainingState& state);
  void compare_all();
  /// Of the places `looked` at, the first at which the records differ; nothing where one was found before.
  void look_for_difference(const Looked& looked);

  const RecordedRun& run_;
  const RunRecord& record_;
  std::vector<std::uint32_t> wanted_;
  Narrator narrator_;
  TrainingPosition position_{};
  std::uint32_t last_ = 0;  ///< epoch that training goes to now
  std::optional<Parameters> final_{};
  Repetition result_{};
};

void RepeatedTraining::check_start() const {
  const auto recorded = record_.configuration["start_weights_sha256"];
  if (!recorded.is_text() || recorded.text() == options_.start_weights_sha256) return;
  throw input_error({.file = model_.file,
                     .problem = "not the weights that the run started from: their SHA-256 is another",
                     .expected = printable(recorded.text(), 80),
                     .got = options_.start_weights_sha256,
                     .hint = setting("weights") + " names where they are"});
}

void RepeatedTraining::load() {
  try {
    load_data();
  } catch (const Error& error) {
    const std::string& about = error.problem().setting;
    const bool missing = error.code() == ExitCode::io || about == "data" || about == "validation data";
    const bool is_loaded = !source_.files.empty();  // then it is the validation data that are missing
    const std::vector<std::string> hashes = is_loaded ? hashes_of_validation(record_) : hashes_of_data(record_);
    if (!missing && error.code() == ExitCode::usage) {  // not the user's words, but the record's
      Problem problem = error.problem();
      problem.file = run_.path;
      throw input_error(std::move(problem));
    }
    if (!missing || hashes.empty()) throw;
    Problem problem = error.problem();
    problem.expected = "the data of the run, SHA-256 " + printable(hashes.front(), 80);
    problem.got = "nothing";
    throw input_error(std::move(problem));
  }
}

void RepeatedTraining::check_data() const {
  const auto check = [](const std::vector<std::string>& recorded, const std::vector<DataFile>& files,
                        const std::string& place, const char* what) {
    for (std::size_t i = 0; i < std::max(recorded.size(), files.size()); ++i) {
      const std::string expected = i < recorded.size() ? recorded[i] : "nothing";
      const std::string got = i < files.size() ? files[i].raw_sha256 : "nothing";
      if (expected != got)
        throw input_error({.file = i < files.size() ? files[i].path.string() : place,
                           .problem = fmt::format("not the {} of the run: the SHA-256 is another", what),
                           .expected = printable(expected, 80),
                           .got = got,
                           .hint = setting(what) + " names where they are"});
    }
  };
  check(hashes_of_data(record_), source_.files, source_.folder.string(), "data");
  // Older records have no hashes of them.
  if (const auto recorded = hashes_of_validation(record_); validation_data_ && !recorded.empty())
    check(recorded, validation_data_->files, options_.validation_data, "validation data");
}

void RepeatedTraining::start_engine() {
  try {
    start_engine_on_data();
  } catch (const Error& error) {
    if (error.code() != ExitCode::device) throw;
    Problem problem = error.problem();
    problem.problem += "; the run was made on " + printable(record_.engine, 200);
    throw device_error(std::move(problem));
  }
  const std::string note = check_device(record_.engine, engine_->description());
  if (note.empty()) return;
  result_.notes.push_back(note);
  streams_.warn(note);
}

/// What the record says of settings and data has to come out again of what it says of them.
void RepeatedTraining::check_settings() {
  const std::vector<Difference> found =
      differences(record_.configuration, result_.again.configuration, run_.is_by_this_program,
                  [](std::string_view field) { return is_decided_by_training("configuration." + std::string(field)); });
  if (!found.empty())
    throw input_error({.file = run_.path,
                       .field = "configuration." + found.front().field,
                       .problem = "this program does not train with this setting",
                       .expected = found.front().expected,
                       .got = found.front().got,
                       .hint = "the program that made the run does: nib " +
                               (record_.program["version"].is_text() ? record_.program["version"].text() : "")});
  look_for_difference(
      [](std::string_view field) { return field.starts_with("data") && is_decided_by_training(field); });
}

/// The newest one from which the end of the epoch is yet to be trained, where that is further than training is.
void RepeatedTraining::go_to_checkpoint_before(std::uint32_t epoch) {
  const auto place = [](const auto& where) { return std::pair(where.epoch, where.step); };
  const KeptCheckpoint* newest = nullptr;
  for (const KeptCheckpoint& kept : run_.checkpoints)
    if (kept.epoch <= epoch && place(kept) > place(position_) && (newest == nullptr || place(kept) > place(*newest)))
      newest = &kept;
  if (newest == nullptr) return;
  FoundCheckpoint found = find_checkpoint(newest->file, streams_);
  check_position(found, split_.training->size(), options_.plan.batch, options_.steps_before.value_or(0));
  engine_->set_state(found.checkpoint.state);
  position_ = std::move(found.checkpoint.position);
  result_.again.history = position_.history;
  result_.notes.push_back(
      fmt::format("epoch {} was trained on from {}", position_.epoch, printable(newest->file.filename().string())));
  streams_.say("Going on from " + printable(newest->file.string()) + '\n');
}

bool RepeatedTraining::train_to(std::uint32_t epoch) {
  last_ = epoch;
  StepCurveKeeper step_curve(result_.again.step_curve);
  TrainingPlan plan = options_.plan;
  plan.patience.reset();  // the record says how many epochs there were
  const TrainingOutcome outcome =
      nib::train(*engine_, *training_, validation_ ? &*validation_ : nullptr, plan, position_,
                 {.listeners = {&step_curve, &narrator_, this}, .stop_requested = [this] {
                    return requested_stop() != 0 || result_.difference || result_.again.history.size() >= last_;
                  }});
  position_ = outcome.end;
  if (outcome.nonfinite && !result_.difference)
    result_.difference = {
        .field = fmt::format("epoch {}, step {}", outcome.nonfinite->epoch, outcome.nonfinite->step_in_epoch),
        .expected = "finite numbers",
        .got = "a loss or gradients that are not finite"};
  const bool stopped = requested_stop() != 0 && result_.again.history.size() < epoch && !result_.difference;
  if (stopped) narrator_.training_stops();
  return !stopped;
}

void RepeatedTraining::rests(const TrainingPosition& position) {
  if (position.step > 0 || position.history.empty()) return;
  compare_epoch(position.history.back().epoch, engine_->state());
}

void RepeatedTraining::compare_epoch(std::uint32_t epoch, const TrainingState& state) {
  const Parameters& weights = state.parameters;
  RunRecord& again = result_.again;
  again.epoch_weights.resize(epoch);
  again.epoch_weights.back() = epoch_weights(weights);
  if (epoch == record_.weights_epoch.value_or(static_cast<std::uint32_t>(record_.history.size())))
    final_ = has_mean_weights(record_) ? state.moments.back().values : weights;
  const EpochWeights recorded =
      epoch <= record_.epoch_weights.size() ? record_.epoch_weights[epoch - 1] : EpochWeights{};
  const std::size_t index = epoch - 1;
  if (!recorded.sha256.empty() && recorded.sha256 != again.epoch_weights.back().sha256) {
    result_.difference = {.field = fmt::format("epoch {}, {}", epoch, first_other_tensor(recorded, weights)),
                          .expected = "weights of SHA-256 " + recorded.sha256,
                          .got = again.epoch_weights.back().sha256};
    return;
  }
  const auto figures = [&](const History& history) { return history_to_json({history[index]}); };
  const Json expected = figures(record_.history), got = figures(again.history);
  const std::vector<Difference> found =
      differences(expected, got, run_.is_by_this_program, [](std::string_view field) { return field != "seconds"; });
  if (found.empty()) {
    result_.epochs.push_back(epoch);
    return;
  }
  result_.difference = found.front();
  std::string& field = result_.difference->field;  // "loss[0]" of this epoch alone
  field = fmt::format("history.{}[{}]", field.substr(0, field.find('[')), index);
}

void RepeatedTraining::look_for_difference(const Looked& looked) {
  if (result_.difference) return;
  RunRecord again = result_.again;
  again.epoch_weights.resize(record_.epoch_weights.size());
  for (std::size_t i = 0; i < again.epoch_weights.size(); ++i) {  // those that the record tells
    if (record_.epoch_weights[i].sha256.empty()) again.epoch_weights[i].sha256.clear();
    if (record_.epoch_weights[i].tensors.empty()) again.epoch_weights[i].tensors.clear();
  }
  std::vector<Difference> found = differences(to_json(record_), to_json(again), run_.is_by_this_program, looked);
  if (!found.empty()) result_.difference = std::move(found.front());
}

/// The weights that the run ended with, its best ones and its test.
bool RepeatedTraining::test() {
  RunRecord& again = result_.again;
  if (!record_.step_curve) again.step_curve.reset();
  again.status = RunStatus::finished;
  again.weights_epoch = record_.weights_epoch;
  again.weights_sha256 = weights_sha256(*final_);
  if (const auto best = best_epoch(again); record_.best && best)
    again.best = {.epoch = *best, .weights_sha256 = again.epoch_weights[*best - 1].sha256};
  if (!record_.test || !test_) return true;
  TrainingState state = engine_->state();
  state.parameters = *final_;
  engine_->set_state(state);
  const std::optional<Evaluation> evaluation = evaluate_all(*engine_, *test_);
  if (!evaluation) return false;
  again.test = evaluation->result;
  const std::string table = predictions_csv(evaluation->predictions);
  again.file_sha256[predictions_file] =
      to_hex(sha256({reinterpret_cast<const std::uint8_t*>(table.data()), table.size()}));
  return true;
}

bool RepeatedTraining::run() {
  const auto epochs = static_cast<std::uint32_t>(record_.history.size());
  result_.whole = wanted_.empty();
  streams_.say(fmt::format("Device: {} ({})\n{}", engine_->description(), processor_name(), data_source_line(source_)));
  if (result_.difference) return true;
  narrator_.training_begins(options_, split_);
  if (!result_.whole) result_.again.step_curve.reset();
  for (const std::uint32_t epoch : result_.whole ? std::vector{epochs} : wanted_) {
    if (!result_.whole) go_to_checkpoint_before(epoch);
    if (!train_to(epoch)) return false;
    if (result_.difference) return true;
  }
  if (!result_.whole) return true;
  if (!test()) return false;
  look_for_difference(is_decided_by_training);
  return true;
}

}  // namespace

std::optional<Repetition> repeat(const RecordedRun& run, const RepetitionRequest& request, Streams& streams) {
  check_repeatable(run);
  check_device_choice(run.record().engine, request.device.device);
  RepeatedTraining training(run, options_of(run, request, streams), request.epochs, streams);
  if (!training.run()) return std::nullopt;
  return training.result();
}

}  // namespace nib
