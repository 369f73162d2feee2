#include "commands/train/training_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/flags.h"
#include "commands/train/log_resumption.h"
#include "commands/train/run_listeners.h"
#include "commands/train/training_command.h"
#include "formats/checkpoint_names.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "pictures/run_pictures.h"
#include "report/run_report.h"
#include "runs/file_names.h"
#include "runs/picture_files.h"
#include "runs/recorded_data.h"
#include "runs/run_monitor.h"
#include "score/fit.h"

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

FolderRequest folder_request(const TrainOptions& options, const std::optional<FoundCheckpoint>& resumed,
                             const Network& network) {
  constexpr std::uint64_t tables_and_pictures = 8 << 20,
                          copies_of_weights = 8;  // the model, a checkpoint and the next one
  std::vector<std::string> results;
  // Checkpoints of an earlier run go first, as they count on its best weights; those of a run that goes on make room
  // for each other, as its best weights do.
  const bool goes_on_here = resumed && goes_on_in(*resumed, options.out);
  if (!goes_on_here) results = checkpoint_files(options.out);
  // Pictures of an earlier run go even where this one has none.
  std::ranges::copy(picture_files(run_picture_names(true)), std::back_inserter(results));
  std::ranges::copy(training_files(), std::back_inserter(results));
  std::vector<std::string> lasting{checkpoint_file};
  if (goes_on_here && std::erase(results, best_file) > 0) lasting.emplace_back(best_file);
  return {.out = options.out,
          .force = options.force || goes_on_here,
          .results = results,
          .lasting = lasting,
          .bytes = tables_and_pictures + copies_of_weights * sizeof(float) * parameter_count(network)};
}

Error not_finite(const NonFiniteStep& step, std::uint64_t steps, const std::filesystem::path& kept) {
  return numeric_error({.file = "training",
                        .problem = fmt::format("step {} is not finite (epoch {}, step {} of {}, learning rate {})",
                                               step.step, step.epoch, step.step_in_epoch, steps, step.learning_rate),
                        .hint = fmt::format("the checkpoint before it is in {}; a smaller {} may help", kept.string(),
                                            setting("learning rate"))});
}

}  // namespace

TrainingRun::TrainingRun(const TrainOptions& options, std::optional<FoundCheckpoint> resumed, Streams& streams,
                         Ranks& ranks)
    : RankedTraining(options,
                     resumed ? resumed->checkpoint.model : open_model(options.model, options.plan.seed, streams),
                     streams, ranks),
      resumed_(std::move(resumed)),
      folder_(folder_request(options_, resumed_, model_.network), streams),
      logs_(options.logs, resumed_ ? resumed_->checkpoint.record.logs : std::nullopt, options.force, streams),
      narrator_(streams) {
  std::vector<std::jthread> gpu_start = warm_up_device(options_.device);
  RunRecord& record = folder_.record;
  const Clock::time_point begin = Clock::now();
  load_data();
  record.seconds.data = seconds_since(begin);
  refuse_to_replace_inputs();
  streams_.say(program_versions() + '\n');
  gpu_start.clear();
  start_engine_together();
  require_same(resumed_);
  record.program = program_json();
  if (const std::string hash = program_sha256(); !hash.empty()) record.program["sha256"] = hash;
  record.machine = machine_json();
  saver_.emplace(*engine_, model_, folder_, options_.keep, aside_, streams_);
  best_.emplace(*engine_, model_, options_.plan.monitor, folder_, aside_, streams_);
  describe(record);
  if (ranks_.size() > 1) record.ranks = ranks_.size();
  if (resumed_) go_on_from(resumed_->checkpoint);
  begin_where_keras_ended();
}

/// Makes the run the one that stopped there.
void TrainingRun::go_on_from(const Checkpoint& checkpoint) {
  RunRecord& record = folder_.record;
  check_position(*resumed_, split_.training->size(), options_.plan.batch, options_.steps_before.value_or(0));
  check_same_validation_data(checkpoint.record.configuration, record.configuration, options_.validation_data);
  check_same_data(checkpoint.record, record);
  warn_of_other_machine(checkpoint.record, record, streams_);
  record.started = checkpoint.record.started;
  record.stops = stops_before(*resumed_);
  record.history = checkpoint.position.history;
  record.epoch_weights = checkpoint.record.epoch_weights;  // fewer of an older version's, and made up to it later
  const std::uint64_t before =
      (checkpoint.position.epoch - 1) * steps_an_epoch(split_.training->size(), options_.plan.batch) +
      checkpoint.position.step;
  // What was once trained with another schedule no command makes again.
  if (options_.other_schedule || checkpoint.record.repeatable == false) record.repeatable = false;
  record.step_curve = checkpoint.record.step_curve;  // none, or not of these steps: a part of a curve would mislead
  if (record.step_curve && record.step_curve->steps != before) record.step_curve.reset();
  engine_->set_state(checkpoint.state);
  best_->take_up(*resumed_);
  end_ = checkpoint.position;  // until it trains
}

void TrainingRun::refuse_to_replace_inputs() const {
  // Where a run goes on in its own folder, its checkpoint is none of the files that go before.
  const std::string start_weights = resumed_ ? resumed_->file.string() : model_.file;
  if (!start_weights.empty() && folder_.files().would_replace(start_weights))
    throw usage_error({.setting = "output folder",
                       .file = folder_.files().path().string(),
                       .problem = "the start weights would be replaced by the run's own",
                       .hint = "choose another folder, or move the weights out of it"});
  const std::filesystem::path log = logs_.event_log();
  std::vector<std::filesystem::path> inputs{start_weights, options_.model.network};
  for (const DataFile& file : source_.files) inputs.push_back(file.path);
  if (validation_data_)
    for (const DataFile& file : validation_data_->files) inputs.push_back(file.path);
  std::error_code ignored;
  const bool is_input =
      std::ranges::any_of(inputs, [&](const auto& input) { return std::filesystem::equivalent(log, input, ignored); });
  if (is_input || folder_.files().would_replace(log))
    throw usage_error({.setting = "event log",
                       .file = log.string(),
                       .problem = is_input ? "is an input of this run" : "is a file that this run writes",
                       .hint = "choose another name for the log"});
}

void TrainingRun::record_logs() {
  std::optional<LogsRecord> logs = logs_.positions();
  if (logs) logs = told_from(folder_.files().path(), *std::move(logs));
  folder_.record.logs = beside_left(std::move(logs), options_.logs.left);
}

void TrainingRun::settle() {
  aside_.wait();
  saver_->settle();
  best_->settle();
}

void TrainingRun::begin() {
  record_logs();
  folder_.begin(streams_);
  if (resumed_) best_->begin();
  logs_.start(folder_.record);
  // Checkpoints come and go, and so do the best weights until the end.
  folder_.files().watch([this](const std::string& name) {
    if (!is_checkpoint_file(name) && name != best_file) logs_.file(name, folder_.files().file(name));
  });
}

void TrainingRun::introduce() {
  narrator_.introduce_device(engine_->description());
  if (ranks_.size() > 1) narrator_.introduce_ranks(ranks_.size(), ranks_.library());
  narrator_.introduce_data(source_, split_, validation_words(options_, split_, validation_data_), *test_set_);
  narrator_.introduce_model(model_.network, options_.model.weights);
  if (options_.keras_training) narrator_.tell_keras_start(*options_.keras_training);
  if (resumed_) narrator_.tell_resumption(*resumed_, steps_an_epoch(split_.training->size(), options_.plan.batch));
}

bool TrainingRun::fit() {
  PhaseSeconds& seconds = folder_.record.seconds;
  HistoryKeeper history(folder_.record.history);
  StepCurveKeeper step_curve(folder_.record.step_curve);
  EpochWeightsKeeper epoch_weights(*engine_, folder_.record.epoch_weights, options_.plan.epochs);
  AtRest record_keeper([this] {
    settle();
    record_logs();
  });
  narrator_.training_begins(options_, split_);
  seconds.until_first_step = process_age();
  const Clock::time_point begin = Clock::now();
  end_.reset();
  const TrainingOutcome outcome = train_together(
      resumed_ ? resumed_->checkpoint.position : TrainingPosition{},
      {.listeners = {&history, &step_curve, &narrator_, &logs_, &epoch_weights, &record_keeper, &*saver_, &*best_},
       .stop_requested = [] { return requested_stop() != 0; },
       .rest_every = options_.save_every});
  settle();
  seconds.training = seconds_since(begin);
  model_.parameters = engine_->state().parameters;
  end_ = outcome.end;
  if (outcome.stopped || outcome.nonfinite) narrator_.training_stops();
  if (outcome.nonfinite) {
    const std::uint64_t steps = steps_an_epoch(split_.training->size(), options_.plan.batch);
    folder_.record.nonfinite_step = outcome.nonfinite->step;
    throw not_finite(*outcome.nonfinite, steps, folder_.files().path());
  }
  if (outcome.stopped) return false;
  choose_weights();
  return true;
}

/// Those that the run ends with.
void TrainingRun::choose_weights() {
  RunRecord& record = folder_.record;
  record.weights_epoch = record.history.back().epoch;
  if (has_mean_weights(record)) {
    model_.parameters = engine_->state().moments.back().values;
  } else if (options_.restore_best && best_->weights()) {
    model_.parameters = *best_->weights();
    record.weights_epoch = best_->epoch();
  } else if (options_.restore_best) {
    streams_.warn("there are no weights of a best epoch to restore: the run ends with those of its last one");
  }
  narrator_.training_ends(record);
}

bool TrainingRun::test() {
  if (!test_) {
    narrator_.tell_no_test();
    return true;
  }
  const bool others =
      folder_.record.weights_epoch != folder_.record.history.back().epoch || has_mean_weights(folder_.record);
  evaluation_ = test_together(others ? &model_.parameters : nullptr);
  if (!evaluation_) return false;
  folder_.record.test = evaluation_->result;
  folder_.record.seconds.test = evaluation_->seconds;
  logs_.evaluation(*evaluation_);
  narrator_.test_ends(*evaluation_, *test_set_, weights_in_words(folder_.record));
  return true;
}

/// How far the weights that the run ends with can be trusted, found on the host; a second score, for those of another
/// best epoch, would cost as much again.
void TrainingRun::score() {
  try {
    const FittedScore fitted = fit_score(model_.network, model_.parameters, *split_.training, split_.validation.get(),
                                         options_.device.threads);
    narrator_.tell_missing_score(fitted);
    model_.score = fitted.score ? score_text(*fitted.score) : "";
  } catch (const std::exception& error) {  // the weights are worth more than what is known of them
    streams_.warn(fmt::format("the weights have no score: {}", error.what()));
  }
  const bool is_best = best_->epoch() == folder_.record.weights_epoch && !has_mean_weights(folder_.record);
  if (best_->weights() && is_best) best_->set_score(model_.score);
}

void TrainingRun::save() {
  score();
  const std::optional<Error> lost = best_->finish();
  if (folder_.record.best) logs_.file(best_file, folder_.files().file(best_file));
  folder_.finish(model_, evaluation_ ? evaluation_->predictions : Predictions{});
  if (lost) throw *lost;
}

bool TrainingRun::draw() {
  if (!options_.pictures) return true;
  const Clock::time_point begin = Clock::now();
  const std::vector<RunPicture> pictures =
      draw_pictures({.training = split_.training.get(),
                     .augmentation = options_.augmentation,
                     .seed = options_.plan.seed,
                     .history = &folder_.record.history,
                     .step_curve = folder_.record.step_curve ? &*folder_.record.step_curve : nullptr,
                     .best_epoch = best_epoch(folder_.record),
                     .test = test_set_.get(),
                     .predictions = evaluation_ ? &evaluation_->predictions : nullptr,
                     .kernel = first_kernel(model_.network, model_.parameters),
                     .class_names = test_set_->class_names,
                     .title = picture_title(folder_.record, model_.network),
                     .tested = evaluation_.has_value()});
  PictureWriter writer(folder_.files(), streams_);
  for (const RunPicture& picture : pictures) {
    if (requested_stop() != 0) return false;
    if (!picture.drawing) continue;
    if (const auto png = writer.write(*picture.drawing); !png.empty()) logs_.add_picture(picture.name, png);
  }
  folder_.record.seconds.pictures = seconds_since(begin);
  folder_.add_report([&](const RunRecord& record) {
    return run_report(record, folder_.record_path(), model_.network,
                      evaluation_ ? evaluation_->predictions : Predictions{}, pictures, default_configuration());
  });
  return true;
}

void TrainingRun::conclude() { narrator_.conclude(folder_); }

std::vector<std::string> TrainingRun::keep_unfinished(RunStatus status, const std::string& reason) {
  // Where training itself was broken off, the checkpoint before that stays.
  return folder_.keep_unfinished(
      status, reason,
      [this] {
        settle();
        if (!evaluation_) record_logs();
        if (end_) saver_->save(*end_);
      },
      streams_);
}

std::string TrainingRun::way_on() const {
  if (!end_ && !saver_->has_saved()) return training_command(options_);
  return "nib train --resume " + shell_word(folder().path().string());
}

void TrainingRun::end_logs() {
  if (folder_.has_begun()) logs_.end(folder_.record);
}

void TrainingRun::check_logs() const { logs_.check_complete("the results are in " + folder().path().string()); }

}  // namespace nib
