#include "commands/train/training_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "cli/flags.h"
#include "commands/train/training_command.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "pictures/run_pictures.h"
#include "report/run_report.h"
#include "runs/file_names.h"
#include "runs/picture_files.h"
#include "training/split_warning.h"

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

FolderRequest folder_request(const TrainOptions& options, const Network& network) {
  constexpr std::uint64_t tables_and_pictures = 8 << 20, copies_of_weights = 3;
  // Pictures of an earlier run go even where this one has none.
  std::vector<std::string> results = picture_files(run_picture_names());
  std::ranges::copy(training_files(), std::back_inserter(results));
  return {.out = options.out,
          .force = options.force,
          .results = results,
          .bytes = tables_and_pictures + copies_of_weights * sizeof(float) * parameter_count(network)};
}

Json configuration_json(const TrainOptions& options, const Network& network) {
  return {{"data", options.data},
          {"limit", options.limit > 0 ? Json(options.limit) : Json()},
          {"network", network_to_json(network)},
          {"epochs", options.plan.epochs},
          {"batch", options.plan.batch},
          {"validation_split", options.validation_split},
          {"learning_rate", options.plan.learning_rate},
          {"seed", options.plan.seed},
          {"start_weights", options.model.weights.empty() ? Json() : Json(options.model.weights)},
          {"device", options.device.device},
          {"precision", options.device.precision.empty() ? Json() : Json(options.device.precision)},
          {"stream", options.device.stream},
          {"fast", options.device.fast},
          {"threads", options.device.threads}};
}

/// Keeps the history in the record as it grows, so that it is there whatever ends the run.
class HistoryKeeper : public TrainingListener {
 public:
  explicit HistoryKeeper(History& history) : history_(history) {}
  void epoch_ends(const EpochResult& result) override { history_.push_back(result); }

 private:
  History& history_;
};

Error not_finite(const NonFiniteStep& step, std::uint64_t steps, const std::filesystem::path& kept) {
  return numeric_error({.file = "training",
                        .problem = fmt::format("step {} is not finite (epoch {}, step {} of {}, learning rate {})",
                                               step.step, step.epoch, step.step_in_epoch, steps, step.learning_rate),
                        .hint = fmt::format("the weights before it are in {}; a smaller {} may help", kept.string(),
                                            setting("learning rate"))});
}

}  // namespace

TrainingRun::TrainingRun(const TrainOptions& options, Streams& streams)
    : options_(options),
      streams_(streams),
      model_(open_model(options.model, options.plan.seed, streams)),
      folder_(folder_request(options, model_.network), streams),
      logs_(options.logs, options.force, streams),
      narrator_(streams) {
  load_data();
  refuse_to_replace_inputs();
  streams_.say(program_versions() + '\n');
  start_engine_on_data();
  RunRecord& record = folder_.record;
  record.program = program_json();
  record.machine = machine_json();
  record.engine = engine_->description();
  record.repeatable = engine_->repeatable();
  record.configuration = configuration_json(options_, model_.network);
  record.command = training_command(options_);
  record.data = data_record(source_, split_, *test_set_);
}

void TrainingRun::load_data() {
  const Clock::time_point begin = Clock::now();
  const DataChoice choice{.data = options_.data, .limit = options_.limit};
  source_ = load_data_for(model_.network, choice, DataParts::both, streams_);
  split_ = split_validation(std::move(source_.training), options_.validation_split);
  if (const auto warning = warning_of_split(split_)) streams_.warn(*warning);
  options_.plan.batch = images_a_step(options_.plan.batch, split_.training->size());
  test_set_ = std::make_shared<const Dataset>(std::move(source_.test));
  model_.data = source_.name;
  model_.limit = source_.limit;
  model_.class_names = test_set_->class_names;
  folder_.record.seconds.data = seconds_since(begin);
}

void TrainingRun::start_engine_on_data() {
  engine_ = start_engine(model_, options_.device, options_.plan.batch, options_.plan.seed, streams_);
  training_ = engine_->upload(split_.training);
  if (split_.validation) validation_ = engine_->upload(split_.validation);
  test_ = engine_->upload(test_set_);
}

void TrainingRun::refuse_to_replace_inputs() const {
  const std::string start_weights = weights_file(options_.model.weights);
  if (!start_weights.empty() && folder_.files().would_replace(start_weights))
    throw usage_error({.setting = "output folder",
                       .file = folder_.files().path().string(),
                       .problem = "the start weights would be replaced by the run's own",
                       .hint = "choose another folder, or move the weights out of it"});
  const std::filesystem::path log = logs_.event_log();
  std::vector<std::filesystem::path> inputs{start_weights, options_.model.network};
  for (const DataFile& file : source_.files) inputs.push_back(file.path);
  std::error_code ignored;
  const bool is_input =
      std::ranges::any_of(inputs, [&](const auto& input) { return std::filesystem::equivalent(log, input, ignored); });
  if (is_input || folder_.files().would_replace(log))
    throw usage_error({.setting = "event log",
                       .file = log.string(),
                       .problem = is_input ? "is an input of this run" : "is a file that this run writes",
                       .hint = "choose another name for the log"});
}

void TrainingRun::begin() {
  folder_.begin(streams_);
  logs_.start(folder_.record);
  folder_.files().watch([this](const std::string& name) { logs_.file(name, folder_.files().file(name)); });
}

void TrainingRun::introduce() {
  narrator_.introduce_device(engine_->description());
  narrator_.introduce_data(source_, split_, *test_set_);
  narrator_.introduce_model(model_.network, options_.model.weights);
}

bool TrainingRun::fit() {
  PhaseSeconds& seconds = folder_.record.seconds;
  HistoryKeeper history(folder_.record.history);
  narrator_.training_begins(options_.plan, split_);
  seconds.until_first_step = process_age();
  const Clock::time_point begin = Clock::now();
  const TrainingOutcome outcome =
      train(*engine_, *training_, validation_ ? &*validation_ : nullptr, options_.plan,
            {.listeners = {&history, &narrator_, &logs_}, .stop_requested = [] { return requested_stop() != 0; }});
  seconds.training = seconds_since(begin);
  model_.parameters = engine_->state().parameters;
  if (outcome.stopped || outcome.nonfinite) narrator_.training_stops();
  if (outcome.nonfinite) {
    const std::uint64_t steps = (split_.training->size() + options_.plan.batch - 1) / options_.plan.batch;
    throw not_finite(*outcome.nonfinite, steps, folder_.files().file(unfinished_model_file));
  }
  return !outcome.stopped;
}

bool TrainingRun::test() {
  evaluation_ = evaluate_all(*engine_, *test_);
  if (!evaluation_) return false;
  folder_.record.test = evaluation_->result;
  folder_.record.seconds.test = evaluation_->seconds;
  logs_.evaluation(*evaluation_);
  narrator_.test_ends(*evaluation_, *test_set_);
  return true;
}

void TrainingRun::save() { folder_.finish(model_, evaluation_->predictions); }

bool TrainingRun::draw() {
  if (!options_.pictures) return true;
  const Clock::time_point begin = Clock::now();
  const std::vector<RunPicture> pictures = draw_pictures({.training = split_.training.get(),
                                                          .history = &folder_.record.history,
                                                          .test = test_set_.get(),
                                                          .predictions = &evaluation_->predictions,
                                                          .kernel = first_kernel(model_.network, model_.parameters),
                                                          .class_names = test_set_->class_names});
  PictureWriter writer(folder_.files(), streams_);
  for (const RunPicture& picture : pictures) {
    if (requested_stop() != 0) return false;
    if (!picture.drawing) continue;
    if (const auto png = writer.write(*picture.drawing); !png.empty()) logs_.add_picture(picture.name, png);
  }
  folder_.record.seconds.pictures = seconds_since(begin);
  folder_.add_report([&](const RunRecord& record) {
    return run_report(record, folder_.record_path(), model_.network, evaluation_->predictions, pictures);
  });
  return true;
}

void TrainingRun::conclude() { narrator_.conclude(folder_); }

std::vector<std::string> TrainingRun::keep_unfinished(RunStatus status, const std::string& reason) {
  try {
    model_.parameters = engine_->state().parameters;
  } catch (const std::exception& error) {
    streams_.warn(error_line(error));
  }
  return folder_.keep_unfinished(status, reason, model_, streams_);
}

std::string TrainingRun::way_on() const {
  TrainOptions rest = options_;
  rest.model = {.weights = folder_.files().file(unfinished_model_file).string()};  // they name their network
  const auto trained = static_cast<std::uint32_t>(folder_.record.history.size());
  rest.plan.epochs = trained < options_.plan.epochs ? options_.plan.epochs - trained : 1;
  return training_command(rest);
}

void TrainingRun::end_logs() {
  if (folder_.has_begun()) logs_.end(folder_.record);
}

void TrainingRun::check_logs() const { logs_.check_complete("the results are in " + folder().path().string()); }

}  // namespace nib
