#include "commands/train/resumption.h"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "commands/train/augmentation_options.h"
#include "commands/train/keras_start.h"
#include "commands/train/log_resumption.h"
#include "commands/train/schedule_options.h"
#include "encodings/json_reader.h"
#include "inference/model.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "runs/file_names.h"
#include "runs/recorded_data.h"
#include "runs/run_monitor.h"

namespace nib {
namespace {

const char* const resume = "resume";
const char* const steps_before = "steps_before";
const char *const network_file = "network_file", *const flatten_order = "flatten";
const char* const start_weights_hash = "start_weights_sha256";

/// The settings of the run that goes on, next to what was given now.
class Settings {
 public:
  Settings(const SettingsSource& run, const std::vector<std::string>& given)
      : document_(run.document),
        configuration_(run.record.configuration),
        reader_(configuration_, document_, "configuration"),
        given_(given) {}

  const JsonReader& reader() const { return reader_; }
  const std::vector<std::string>& given() const { return given_; }
  bool is_given(const std::string& option) const { return std::ranges::find(given_, option) != given_.end(); }

  /// Takes the run's value; another one that was given is refused.
  template <typename Value>
  void take(const char* setting_name, const std::string& option, Value& value, const Value& of_run) const {
    if (is_given(option) && value != of_run)
      throw usage_error({.setting = setting_name,
                         .problem = "the run to resume has another one",
                         .expected = shown(of_run),
                         .got = shown(value),
                         .hint = "leave it out: a run goes on with its own settings"});
    value = of_run;
  }

  /// Takes the run's value unless one was given.
  template <typename Value>
  void take_default(const std::string& option, Value& value, const Value& of_run) const {
    if (!is_given(option)) value = of_run;
  }

  std::string text(const char* key) const {
    const auto found = reader_.find(key);
    return found ? found->text() : std::string();
  }
  bool boolean(const char* key) const {
    const auto found = reader_.find(key);
    return found && found->boolean();
  }

 private:
  static std::string shown(const std::string& text) { return text.empty() ? "none" : '"' + printable(text, 200) + '"'; }
  static std::string shown(const std::optional<double>& number) { return number ? fmt::format("{}", *number) : "none"; }
  static std::string shown(const auto& number) { return fmt::format("{}", number); }

  std::string document_;
  const Json& configuration_;
  JsonReader reader_;
  const std::vector<std::string>& given_;
};

/// The record of the run in a folder; nothing where there is none that can be read.
std::optional<RunRecord> record_in(const std::filesystem::path& folder) {
  try {
    return read_record(folder);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::filesystem::path folder_of(const FoundCheckpoint& found) {
  const std::filesystem::path folder = found.file.parent_path();
  return folder.empty() ? "." : folder;
}

/// Older runs had none of them.
void take_best_settings(TrainOptions& options, const Settings& settings) {
  const JsonReader& run = settings.reader();
  if (run.find("monitor")) settings.take("monitor", "--monitor", options.monitor, settings.text("monitor"));
  const auto delta = run.find("min_delta"), patience = run.find("early_stopping");
  settings.take("min delta", "--min-delta", options.plan.monitor.min_delta, delta ? delta->number() : 0);
  settings.take_default("--early-stopping", options.plan.patience,
                        patience ? std::optional(static_cast<std::uint32_t>(patience->whole_number())) : std::nullopt);
  settings.take_default("--restore-best", options.restore_best, settings.boolean("restore_best"));
}

void take_augmentation(TrainOptions& options, const Settings& settings) {
  const Augmentation of_run = augmentation_of(settings.reader());
  std::string text = augmentation_text(options.augmentation);
  settings.take("augment", "--augment", text, augmentation_text(of_run));
  options.augmentation = of_run;
  settings.take("label smoothing", "--label-smoothing", options.label_smoothing, label_smoothing_of(settings.reader()));
}

/// Whether the run would train no further: it has all its epochs behind it, or was not better for too long.
bool is_at_its_end(const TrainOptions& options, const FoundCheckpoint& found) {
  const TrainingPosition& position = found.checkpoint.position;
  if (position.epoch > options.plan.epochs) return true;
  const Monitor monitor = monitor_of(found.checkpoint.record.configuration, position.history);
  return options.plan.patience && position.step == 0 && stops_early(position.history, monitor, *options.plan.patience);
}

/// What trains it all the same.
std::string way_further(const TrainOptions& options, const FoundCheckpoint& found) {
  const History& history = found.checkpoint.position.history;
  std::string epochs = fmt::format("{} {}", setting("epochs"), history.size() + 5);
  if (depends_on_epochs(options.plan.schedule.kind))
    epochs += fmt::format(" {} {}", setting("schedule"), word(options.plan.schedule.kind));
  const Monitor monitor = monitor_of(found.checkpoint.record.configuration, history);
  if (!options.plan.patience || !stops_early(history, monitor, *options.plan.patience))
    return epochs + " trains it further";
  const std::string patience = setting("early stopping") + " with a greater number, or off";
  return patience + (history.size() < options.plan.epochs ? "," : ", and " + epochs) + " trains it further";
}

/// The weights' places and the network's are for the command of the run, whose record has both. Older runs do not say
/// where the network was.
void take_model(TrainOptions& options, const Network& network, const Settings& settings) {
  if (settings.is_given("--network") && load_network(options.model.network) != network)
    throw usage_error({.setting = "network",
                       .problem = "the run to resume has another one",
                       .hint = "leave it out: a run goes on with its own network"});
  settings.take_default("--network", options.model.network, settings.text(network_file));
  settings.take("weights", "--weights", options.model.weights, settings.text("start_weights"));
  options.start_weights_sha256 = settings.text(start_weights_hash);
  std::optional<FlattenOrder> order;
  if (const auto flatten = settings.reader().find(flatten_order))
    order = flatten->word_index({"CHW", "HWC"}) == 0 ? FlattenOrder::channels_first : FlattenOrder::channels_last;
  std::string given = options.model.flatten ? flatten_word(*options.model.flatten) : "";
  settings.take("flatten", "--flatten", given, settings.text(flatten_order));
  options.model.flatten = order;
}

}  // namespace

void take_settings(TrainOptions& options, const SettingsSource& source, const std::vector<std::string>& given) {
  const Settings settings(source, given);
  const JsonReader& run = settings.reader();
  TrainingPlan& plan = options.plan;
  settings.take("recipe", "--recipe", options.recipe,
                run.find("recipe") ? settings.text("recipe") : TrainOptions{}.recipe);
  if (!settings.is_given("--data"))
    options.data = place_of_recorded(settings.text("data"), source.record, source.folder,
                                     source.document + ": configuration.data");
  const auto limit = run.find("limit");
  settings.take("limit", "--limit", options.limit, limit ? std::uint64_t{limit->count()} : 0);
  settings.take("prepare", "--prepare", options.prepare, settings.boolean("prepare"));
  settings.take_default("--epochs", plan.epochs, run.at("epochs").count());
  // A set smaller than a batch has made it smaller.
  const std::uint64_t images = training_images(source.record);
  if (images > 0) plan.batch = images_a_step(plan.batch, images);
  settings.take("batch", "--batch", plan.batch, run.at("batch").count());
  if (plan.batch > largest_batch) throw run.at("batch").error("out of range", fmt::format("at most {}", largest_batch));
  settings.take("validation split", "--validation-split", options.validation_split,
                run.at("validation_split").number());
  const auto validation = run.find("validation");
  if (validation) validation->word_index({"last", "random", "stratified"});
  settings.take("validation", "--validation", options.validation,
                validation ? validation->text() : TrainOptions{}.validation);
  const auto validation_data = run.find("validation_data");
  if (!validation_data)
    settings.take("validation data", "--validation-data", options.validation_data, std::string());
  else if (!settings.is_given("--validation-data"))
    options.validation_data = place_of_recorded(validation_data->text(), source.record, source.folder,
                                                source.document + ": configuration.validation_data", "validation data");
  const OptimizerChoice optimizer = optimizer_of(run);
  settings.take("optimizer", "--optimizer", options.optimizer.name, optimizer.name);
  settings.take("l2", "--l2", options.optimizer.l2, optimizer.l2);
  settings.take("weight decay", "--weight-decay", options.optimizer.weight_decay, optimizer.weight_decay);
  settings.take("clip norm", "--clip-norm", options.optimizer.clip_norm, optimizer.clip_norm);
  settings.take("ema", "--ema", options.optimizer.average, optimizer.average);
  settings.take("learning rate", "--learning-rate", plan.learning_rate, run.at("learning_rate").number());
  if (!(plan.learning_rate >= least_learning_rate && plan.learning_rate <= greatest_learning_rate))
    throw run.at("learning_rate")
        .error("out of range", fmt::format("between {} and {}", least_learning_rate, greatest_learning_rate));
  take_augmentation(options, settings);
  take_schedule(options, run, settings.given());
  settings.take("seed", "--seed", plan.seed, run.at("seed").whole_number());
  take_best_settings(options, settings);
  take_model(options, source.network, settings);
  if (const auto steps = run.find(steps_before)) options.steps_before = steps->whole_number();
  if (const auto pictures = run.find("pictures"); pictures && !settings.is_given("--no-pictures"))
    options.pictures = pictures->boolean();
  settings.take_default("--device", options.device.device, settings.text("device"));
  if (const auto precision = run.find("precision")) precision->word_index({"fp32", "tf32"});
  settings.take("precision", "--precision", options.device.precision, settings.text("precision"));
  // Records of older versions do not name them: they trained as most runs do.
  const auto kernels = run.find("kernels");
  if (kernels) kernels->word_index({"own", "library"});
  settings.take("kernels", "--kernels", options.device.kernels, kernels ? kernels->text() : DeviceChoice{}.kernels);
  settings.take("fast", "--fast", options.device.fast, settings.boolean("fast"));
  settings.take_default("--stream", options.device.stream, settings.boolean("stream"));
}

namespace {

std::string kind_of(const std::string& engine) {
  if (engine.starts_with("cpu")) return "cpu";  // the same bits on any
  const std::size_t space = engine.find(' ');   // "cuda:0 NVIDIA H200, cuDNN 9.19, TF32"
  return space == std::string::npos ? engine : engine.substr(space + 1);
}

std::string version_of(const RunRecord& record) {
  static const std::string document = "program";
  const JsonReader program(record.program, document);
  const auto version = program.find("version");
  return version ? version->text() : std::string();
}

}  // namespace

bool goes_on_in(const FoundCheckpoint& found, const std::string& folder) {
  std::error_code ignored;
  if (!std::filesystem::equivalent(folder_of(found), folder, ignored)) return false;
  const std::optional<RunRecord> record = record_in(folder);
  return record && record->started == found.checkpoint.record.started;
}

void check_position(const FoundCheckpoint& found, std::size_t images, std::uint32_t batch, std::uint64_t before) {
  const TrainingPosition& position = found.checkpoint.position;
  const std::uint64_t steps = steps_an_epoch(images, batch), run_step = (position.epoch - 1) * steps + position.step;
  const std::uint64_t rows = std::min<std::uint64_t>(position.step * batch, images);
  const auto refuse = [&](const char* field, std::uint64_t expected, std::uint64_t got) {
    throw input_error({.file = found.file.string() + ": nib.checkpoint",
                       .field = field,
                       .problem = "does not fit the rest of the run",
                       .expected = std::to_string(expected),
                       .got = std::to_string(got)});
  };
  if (position.step > steps) refuse("position.step", steps, position.step);
  if (position.rows != rows) refuse("position.rows", rows, position.rows);
  if (found.checkpoint.state.step != before + run_step)
    refuse("optimizer.step", before + run_step, found.checkpoint.state.step);
}

Json configuration_json(const TrainOptions& options, const Network& network) {
  Json document = {{"data", recorded_place(options.data)},
                   {"limit", options.limit > 0 ? Json(options.limit) : Json()},
                   {"network", network_to_json(network)},
                   {"epochs", options.plan.epochs},
                   {"batch", options.plan.batch},
                   {"validation_split", options.validation_split},
                   {"learning_rate", options.plan.learning_rate},
                   {"seed", options.plan.seed},
                   {"monitor", word(options.plan.monitor.figure)},
                   {"min_delta", options.plan.monitor.min_delta},
                   {"early_stopping", options.plan.patience},
                   {"restore_best", options.restore_best},
                   {"start_weights", options.model.weights.empty() ? Json() : Json(options.model.weights)},
                   {"device", options.device.device},
                   {"precision", options.device.precision.empty() ? Json() : Json(options.device.precision)},
                   {"kernels", options.device.kernels},
                   {"stream", options.device.stream},
                   {"fast", options.device.fast},
                   {"threads", options.device.threads}};
  if (options.recipe != TrainOptions{}.recipe) document["recipe"] = options.recipe;
  if (const std::string& file = options.model.network; !file.empty())
    document[network_file] = file == "digits" ? file : recorded_place(file);
  if (const auto order = options.model.flatten) document[flatten_order] = flatten_word(*order);
  if (options.steps_before) document[steps_before] = *options.steps_before;
  if (options.validation != TrainOptions{}.validation) document["validation"] = options.validation;
  if (!options.validation_data.empty()) {
    document["validation_data"] = recorded_place(options.validation_data);
    for (const std::string& hash : options.validation_sha256) document[validation_hashes].push_back(hash);
  }
  add_optimizer_settings(document, options.optimizer);
  add_augmentation_settings(document, options);
  add_schedule_settings(document, options.plan);
  if (!options.start_weights_sha256.empty()) document[start_weights_hash] = options.start_weights_sha256;
  if (options.prepare) document["prepare"] = true;
  if (!options.pictures) document["pictures"] = false;
  return document;
}

Json default_configuration() { return configuration_json({}, digits_network()); }

std::optional<FoundCheckpoint> open_resumption(TrainOptions& options, const std::vector<std::string>& given,
                                               Notes& notes) {
  if (options.resume.empty() || start_from_keras(options, given, notes)) return std::nullopt;
  if (!is_given(given, "--schedule")) options.schedule.clear();  // a recipe's: the run has its own
  FoundCheckpoint found = find_checkpoint(options.resume, notes);
  take_settings(options,
                {.record = found.checkpoint.record,
                 .network = found.checkpoint.model.network,
                 .folder = folder_of(found),
                 .document = found.file.string() + ": nib.checkpoint.run"},
                given);
  const TrainingPosition& position = found.checkpoint.position;
  // One that was ended behind its last epoch still has its test before it.
  const bool finished = is_at_its_end(options, found) && stops_before(found).back().reason == word(RunStatus::finished);
  const std::size_t epochs = position.history.size();
  if (finished || position.epoch > options.plan.epochs + 1)
    throw usage_error({.setting = resume,
                       .file = found.file.string(),
                       .problem = epochs < options.plan.epochs
                                      ? fmt::format("the run was stopped early behind epoch {}", epochs)
                                      : fmt::format("the run has its {} epochs behind it", epochs),
                       .hint = way_further(options, found)});
  if (options.out.empty()) {
    options.out = folder_of(found).string();
    if (std::error_code ignored; std::filesystem::exists(folder_of(found) / record_file, ignored))
      read_record(folder_of(found));  // tells what is wrong with one that cannot be read
    if (!goes_on_in(found, options.out))
      throw usage_error({.setting = resume,
                         .file = found.file.string(),
                         .problem = "lies in a folder that is not its run's",
                         .hint = setting("output folder") + " names a folder for the results"});
  }
  take_logs(options, found, given, notes);
  if (options.plan.plateau || options.plan.schedule.kind != ScheduleKind::constant)
    for (EpochResult& epoch : found.checkpoint.position.history)  // of a run whose rate was constant so far
      if (!epoch.learning_rate) epoch.learning_rate = options.plan.learning_rate;
  return found;
}

void check_same_data(const RunRecord& before, const RunRecord& now) {
  if (before.data.files.size() != now.data.files.size())
    throw input_error({.file = now.data.folder, .problem = "other data files than the run to resume had"});
  for (std::size_t i = 0; i < now.data.files.size(); ++i)
    if (before.data.files[i].raw_sha256 != now.data.files[i].raw_sha256)
      throw input_error({.file = now.data.files[i].path,
                         .problem = "other data than the run to resume was trained on: its SHA-256 is another",
                         .expected = before.data.files[i].raw_sha256,
                         .got = now.data.files[i].raw_sha256,
                         .hint = setting("data") + " names where the data is"});
  if (before.data.images != now.data.images)
    throw input_error({.file = now.data.folder, .problem = "other numbers of images than the run to resume had"});
}

void warn_of_other_machine(const RunRecord& before, const RunRecord& now, Notes& notes) {
  std::string differences;
  const auto add = [&](const std::string& then, const std::string& today) {
    if (then != today)
      differences += fmt::format("{}{}, now {}", differences.empty() ? "" : "; ", printable(then), printable(today));
  };
  add("nib " + version_of(before), "nib " + version_of(now));
  add(kind_of(before.engine), kind_of(now.engine));
  if (!differences.empty())
    notes.warn("the run began with " + differences + ": it may end in other bits than if it had gone on there");
}

std::vector<RunStop> stops_before(const FoundCheckpoint& found) {
  RunStop stop{.step = found.checkpoint.state.step, .reason = "ended at once", .resumed = utc_time_now()};
  const std::optional<RunRecord> record = record_in(folder_of(found));
  if (record && record->status == RunStatus::finished) stop.reason = word(record->status);
  if (record && !record->reason.empty()) stop.reason = record->reason;
  const bool of_this_run = record && record->started == found.checkpoint.record.started;
  std::vector<RunStop> stops = of_this_run ? record->stops : found.checkpoint.record.stops;
  stops.push_back(stop);
  return stops;
}

}  // namespace nib
