#include "commands/train/prepared_training.h"

#include <utility>

#include "base/error.h"
#include "commands/train/resumption.h"
#include "commands/train/training_command.h"
#include "inference/model.h"
#include "runs/recorded_data.h"
#include "training/split.h"
#include "training/split_warning.h"

namespace nib {

std::string start_hash(const WeightsFile& start, const std::optional<OptimizerState>& keras) {
  Parameters all = start.parameters;
  if (keras)
    for (const Moment& moment : keras->moments)
      all.tensors.insert(all.tensors.end(), moment.values.tensors.begin(), moment.values.tensors.end());
  return weights_sha256(all);
}

PreparedTraining::PreparedTraining(const TrainOptions& options, WeightsFile start, Streams& streams)
    : options_(options), streams_(streams), model_(std::move(start)) {
  const bool goes_on = !options_.resume.empty() && !options_.keras_training;  // then its record has the hash
  if (!options_.model.weights.empty() && !goes_on)
    options_.start_weights_sha256 = start_hash(model_, options_.keras_training);
}

void PreparedTraining::load_data() {
  const DataChoice choice{.data = options_.data, .limit = options_.limit, .prepare = prepares_data(options_)};
  source_ = load_data_for(model_.network, choice, DataParts::both, streams_);
  if (never_takes_gpu(options_.device))
    for (Dataset* const part : {&source_.training, &source_.test}) pack_images(*part, options_.device.threads);
  split_ = split_validation(std::move(source_.training), options_.validation_split, *held_out(options_.validation),
                            options_.plan.seed);
  if (!options_.validation_data.empty()) {
    validation_data_ = load_validation_data(options_, model_.network, source_, split_.training->class_names, streams_);
    split_.validation = validation_data_->images;
  }
  if (const auto warning = warning_of_split(split_)) streams_.warn(*warning);
  settle(image_facts());
  test_set_ = std::make_shared<const Dataset>(std::move(source_.test));
  if (options_.required_accuracy && test_set_->labels.empty())
    throw usage_error({.setting = "require accuracy",
                       .problem = "there is nothing to test on",
                       .expected = "a data set with a test part that has labels",
                       .got = source_.found});
  model_.score.clear();  // of start weights: not of those that training makes of them
  model_.data = source_.name;
  model_.limit = source_.limit;
  model_.class_names = test_set_->class_names;
}

std::string PreparedTraining::choice_of_images() const {
  const Shape& input = model_.network.input;
  return json_line(Json::array({options_.data, options_.limit, options_.prepare, options_.validation_split,
                                options_.validation, options_.validation_data, options_.plan.seed, input.height,
                                input.width, input.channels, class_count(model_.network)}));
}

ImageFacts PreparedTraining::image_facts() const {
  return {.training = split_.training->size(),
          .validated = split_.validation != nullptr,
          .files = hashes_of(source_.files),
          .validation_files = validation_data_ ? hashes_of(validation_data_->files) : std::vector<std::string>()};
}

void PreparedTraining::settle(const ImageFacts& facts) {
  options_.validation_sha256 = facts.validation_files;
  options_.plan.batch = images_a_step(options_.plan.batch, facts.training);
  Monitored& figure = options_.plan.monitor.figure;
  figure = facts.validated ? Monitored::val_loss : Monitored::loss;
  if (!options_.monitor.empty()) figure = *monitored_figure(options_.monitor);
  if (is_of_validation(figure) && !facts.validated)
    throw usage_error({.setting = "monitor",
                       .problem = "there are no validation images",
                       .expected = "loss or accuracy",
                       .got = options_.monitor,
                       .hint = setting("validation split") + " holds some out"});
}

void PreparedTraining::start_engine_on_data() {
  engine_ = start_engine(model_, options_.device,
                         {.optimizer = chosen_optimizer(options_.optimizer),
                          .batch = options_.plan.batch,
                          .seed = options_.plan.seed,
                          .augmentation = options_.augmentation,
                          .label_smoothing = options_.label_smoothing},
                         streams_);
  training_ = engine_->upload(split_.training);
  if (split_.validation) validation_ = engine_->upload(split_.validation);
  if (!test_set_->labels.empty()) test_ = engine_->upload(test_set_);
}

void PreparedTraining::begin_where_keras_ended() {
  if (const auto& keras = options_.keras_training)
    engine_->set_state({.parameters = model_.parameters, .moments = keras->moments, .step = keras->step});
}

void PreparedTraining::describe(RunRecord& record) const {
  record.engine = engine_->description();
  record.repeatable = engine_->repeatable();
  record.configuration = configuration_json(options_, model_.network);
  record.command = training_command(options_);
  record.data = data_record(source_, split_, *test_set_);
  record.data.folder = recorded_place(record.data.folder);
  record.step_curve.emplace();
}

}  // namespace nib
