#include "commands/train/training_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/flags.h"
#include "commands/narrative.h"
#include "commands/train/training_command.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "pictures/run_pictures.h"
#include "report/run_report.h"
#include "runs/file_names.h"
#include "runs/picture_files.h"
#include "runs/run_record.h"
#include "statistics/predictions_csv.h"
#include "terminal/progress_bar.h"
#include "terminal/summary_table.h"
#include "training/history.h"

namespace nib {
namespace {

Network choose_network(const TrainOptions& options, Parameters& parameters, Streams& streams) {
  std::optional<Network> requested = requested_network(options.network);
  if (options.weights.empty()) {
    Network network = requested ? *std::move(requested) : digits_network();
    parameters = initial_parameters(network, options.plan.seed);
    return network;
  }
  WeightsFile file = read_weights(options.weights, {.network = std::move(requested)});
  for (const std::string& note : file.notes) streams.warn(note);
  parameters = std::move(file.parameters);
  return file.network;
}

FolderRequest folder_request(const TrainOptions& options, const Network& network) {
  constexpr std::uint64_t tables_and_pictures = 8 << 20, copies_of_weights = 3;
  // Pictures of an earlier run go even where this one has none.
  std::vector<std::string> results = picture_files(run_picture_names());
  for (const char* const name : {model_file, unfinished_model_file, history_csv_file, history_json_file,
                                 predictions_file, record_file, report_file})
    results.emplace_back(name);
  return {.out = options.out,
          .force = options.force,
          .results = results,
          .bytes = tables_and_pictures + copies_of_weights * sizeof(float) * parameter_count(network)};
}

Json configuration_json(const TrainOptions& options, const Network& network) {
  return {{"data", options.data},
          {"network", network_to_json(network)},
          {"epochs", options.plan.epochs},
          {"batch", options.plan.batch},
          {"validation_split", options.validation_split},
          {"learning_rate", options.plan.learning_rate},
          {"seed", options.plan.seed},
          {"start_weights", options.weights.empty() ? Json() : Json(options.weights)},
          {"device", options.device.device},
          {"precision", options.device.precision.empty() ? Json() : Json(options.device.precision)},
          {"stream", options.device.stream},
          {"fast", options.device.fast},
          {"threads", options.device.threads}};
}

std::uint64_t steps_for(std::size_t images, std::uint32_t batch) { return (images + batch - 1) / batch; }

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TrainingRun::TrainingRun(const TrainOptions& options, Streams& streams)
    : options_(options),
      streams_(streams),
      network_(choose_network(options_, parameters_, streams)),
      folder_(folder_request(options, network_)),
      logs_(options.logs, options.force, streams) {
  const Clock::time_point data_begin = Clock::now();
  source_ = load_data_for(network_, options_.data, DataParts::both, streams_);
  split_ = split_validation(std::move(source_.training), options_.validation_split);
  test_set_ = std::make_shared<const Dataset>(std::move(source_.test));
  const double data_seconds = seconds_since(data_begin);
  refuse_to_replace_inputs();
  check_batch(options_.plan.batch, *split_.training);
  streams_.say(program_versions() + '\n');
  engine_ = make_engine_for(network_, options_.device, options_.plan.batch, options_.plan.seed, streams_);
  training_ = engine_->upload(split_.training);
  if (split_.validation) validation_ = engine_->upload(split_.validation);
  test_ = engine_->upload(test_set_);
  engine_->set_state(fresh_state(network_, parameters_));
  record_ = {.started = utc_time_now(),
             .folder = folder_.path().string(),
             .program = program_json(),
             .machine = machine_json(),
             .engine = engine_->description(),
             .configuration = configuration_json(options_, network_),
             .command = training_command(options_),
             .data = data_record(source_, split_, *test_set_),
             .seconds = {.data = data_seconds}};
}

void TrainingRun::refuse_to_replace_inputs() const {
  if (!options_.weights.empty() && folder_.would_replace(options_.weights))
    throw usage_error({.file = "--out",
                       .field = folder_.path().string(),
                       .problem = "the start weights would be replaced by the run's own",
                       .hint = "choose another folder, or move the weights out of it"});
  const std::filesystem::path log = logs_.event_log();
  std::vector<std::filesystem::path> inputs{options_.weights, options_.network};
  for (const DataFile& file : source_.files) inputs.push_back(file.path);
  std::error_code ignored;
  const bool is_input =
      std::ranges::any_of(inputs, [&](const auto& input) { return std::filesystem::equivalent(log, input, ignored); });
  if (is_input || folder_.would_replace(log))
    throw usage_error({.file = "--log-json",
                       .field = log.string(),
                       .problem = is_input ? "is an input of this run" : "is a file that this run writes",
                       .hint = "choose another name for the log"});
}

void TrainingRun::begin() {
  folder_.remove_old_results();
  write_record();
  logs_.start(to_json(record_));
  folder_.watch([this](const std::string& name) { logs_.file(name, folder_.file(name)); });
  if (!folder_.point_latest_here()) streams_.warn("the link runs/latest could not be set");
}

void TrainingRun::introduce() {
  streams_.say(fmt::format("Device: {} ({})\n", engine_->description(), processor_name()));
  streams_.say(data_text(source_, split_, *test_set_));
  streams_.say("\nFirst training images\n" + sample_grid(*split_.training, streams_.terminal()) + '\n');
  streams_.say(summary_table(network_, streams_.terminal()));
  if (!options_.weights.empty()) streams_.say("Start weights: " + printable(options_.weights) + '\n');
}

bool TrainingRun::fit() {
  const TrainingPlan& plan = options_.plan;
  const std::uint64_t steps = steps_for(split_.training->size(), plan.batch);
  streams_.say(fmt::format("\nTraining: {} images in {} steps an epoch, batch {}, learning rate {}, seed {}\n",
                           with_commas(split_.training->size()), with_commas(steps), plan.batch, plan.learning_rate,
                           plan.seed));
  streams_.say(validation_ ? "accuracy and loss are means while the weights move, val_ those at an epoch's end\n"
                           : "accuracy and loss are means while the weights move\n");
  ProgressBar bar(streams_.terminal());
  TrainingObserver observer;
  observer.epoch_begins = [&](std::uint32_t epoch) {
    streams_.say(bar.begin_epoch(epoch, plan.epochs, steps, Clock::now()));
  };
  observer.progress = [&](const TrainingProgress& progress) {
    streams_.say(bar.update(progress, Clock::now()));
    logs_.progress(progress);
  };
  observer.epoch_ends = [&](const EpochResult& result) {
    record_.history.push_back(result);
    streams_.say(bar.end_epoch(result));
    logs_.epoch(result, plan.epochs);
  };
  observer.stop_requested = [] { return requested_stop() != 0; };
  record_.seconds.until_first_step = process_age();
  const Clock::time_point begin = Clock::now();
  const TrainingOutcome outcome = train(*engine_, *training_, validation_ ? &*validation_ : nullptr, plan, observer);
  record_.seconds.training = seconds_since(begin);
  parameters_ = engine_->state().parameters;
  if (outcome.stopped || outcome.nonfinite) streams_.say(bar.abandon());
  if (outcome.nonfinite) {
    const NonFiniteStep& bad = *outcome.nonfinite;
    throw numeric_error({.file = "training",
                         .problem = fmt::format("step {} is not finite (epoch {}, step {} of {}, learning rate {})",
                                                bad.step, bad.epoch, bad.step_in_epoch, steps, bad.learning_rate),
                         .hint = fmt::format("the weights before it are in {}; a smaller --learning-rate may help",
                                             folder_.file(unfinished_model_file).string())});
  }
  return !outcome.stopped;
}

bool TrainingRun::test() {
  evaluation_ = evaluate_all(*engine_, *test_);
  if (!evaluation_) return false;
  record_.seconds.test = evaluation_->seconds;
  logs_.evaluation(*evaluation_);
  const std::vector<std::string>& names = test_set_->class_names;
  streams_.say("\n");
  streams_.result(result_lines(*evaluation_));
  streams_.say("\nFirst test images\n" + prediction_grid(*test_set_, *evaluation_, streams_.terminal()) + '\n');
  streams_.say(result_tables(*evaluation_, names, 2, streams_.terminal()) + '\n');
  return true;
}

void TrainingRun::save() {
  write_history();
  folder_.write(predictions_file, predictions_csv(evaluation_->predictions));
  write_weights(folder_.file(model_file), network_, parameters_, source_.name, test_set_->class_names);
  folder_.note(model_file);
  record_.test = test_record(*evaluation_);
  record_.weights_sha256 = weights_sha256(parameters_);
  complete_record(RunStatus::finished);
  write_record();
}

void TrainingRun::draw() {
  if (!options_.pictures) return;
  const Clock::time_point begin = Clock::now();
  const std::vector<RunPicture> pictures = draw_pictures({.training = split_.training.get(),
                                                          .history = &record_.history,
                                                          .test = test_set_.get(),
                                                          .predictions = &evaluation_->predictions,
                                                          .kernel = first_kernel(network_, parameters_),
                                                          .class_names = test_set_->class_names});
  for (const RunPicture& picture : pictures)
    if (picture.drawing) logs_.add_picture(picture.name, write_picture(folder_, *picture.drawing));
  record_.seconds.pictures = seconds_since(begin);
  // The report shows the record, which in turn names the report among the files.
  complete_record(RunStatus::finished);
  record_.files.emplace_back(report_file);
  folder_.write(report_file,
                run_report(record_, folder_.file(record_file).string(), network_, evaluation_->predictions, pictures));
  write_record();
}

void TrainingRun::conclude() {
  streams_.result(
      fmt::format("Files in {}: {}\n", printable(folder_.path().string()), files_in_words(folder_.written())));
  streams_.result(fmt::format("weights sha256: {}\n", record_.weights_sha256));
}

void TrainingRun::keep_unfinished(RunStatus status, const std::string& reason) {
  const auto attempt = [&](auto&& work) {
    try {
      work();
    } catch (const std::exception& error) {
      streams_.warn(error_line(error));
    }
  };
  const std::vector<std::string>& written = folder_.written();
  const bool has_model = std::ranges::find(written, model_file) != written.end();
  attempt([&] { parameters_ = engine_->state().parameters; });
  attempt([&] {
    if (has_model) return folder_.rename(model_file, unfinished_model_file);
    write_weights(folder_.file(unfinished_model_file), network_, parameters_, source_.name, test_set_->class_names);
    folder_.note(unfinished_model_file);
  });
  attempt([&] { write_history(); });
  attempt([&] {
    record_.reason = reason;
    record_.weights_sha256.clear();
    complete_record(status);
    write_record();
  });
}

void TrainingRun::check_logs() const { logs_.check_complete("the results are in " + folder_.path().string()); }

void TrainingRun::complete_record(RunStatus status) {
  record_.status = status;
  record_.finished = utc_time_now();
  record_.seconds.total = process_age();
  record_.peak_memory_bytes = peak_memory_bytes();
  record_.files = folder_.written();
}

void TrainingRun::write_record() { folder_.write(record_file, json_text(to_json(record_))); }

void TrainingRun::write_history() {
  folder_.write(history_csv_file, history_csv(record_.history));
  folder_.write(history_json_file, history_json(record_.history));
}

}  // namespace nib
