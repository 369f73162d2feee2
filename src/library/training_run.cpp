// What `nib train` does of a training, in the same order, but for what it prints, draws and keeps in a folder. Both
// train in the same bits, which a test holds them to.

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "formats/weights.h"
#include "inference/evaluation.h"
#include "inference/model.h"
#include "library/training.h"
#include "score/fit.h"
#include "training/split.h"
#include "training/split_warning.h"

namespace nib::library {
namespace {

namespace fs = std::filesystem;

/// Tells the caller's progress function, and remembers that it asked for a stop.
class Watcher : public TrainingListener {
 public:
  explicit Watcher(const TrainingSettings& settings) : settings_(settings) {}

  void epoch_begins(const TrainingProgress& progress) override { last_ = progress; }
  void steps_end(const TrainingProgress& progress) override {
    last_ = progress;
    tell(told(progress));
  }
  void epoch_ends(const EpochResult& epoch) override {
    nib_progress progress = told(last_);
    progress.epoch_ended = 1;
    progress.validation_loss = epoch.validation_loss.value_or(TrainingResult::none);
    progress.validation_accuracy = epoch.validation_accuracy.value_or(TrainingResult::none);
    tell(progress);
  }

  bool wants_stop() const { return stop_; }
  std::string where() const {
    return fmt::format("epoch {} of {}, step {} of {}", last_.epoch, last_.epochs, last_.step, last_.steps);
  }

 private:
  static nib_progress told(const TrainingProgress& progress) {
    return {.epoch = progress.epoch,
            .epochs = progress.epochs,
            .step = progress.step,
            .steps = progress.steps,
            .loss = progress.loss,
            .accuracy = progress.accuracy,
            .learning_rate = progress.learning_rate,
            .epoch_ended = 0,
            .validation_loss = TrainingResult::none,
            .validation_accuracy = TrainingResult::none};
  }
  void tell(const nib_progress& progress) {
    if (settings_.progress && !stop_) stop_ = settings_.progress(&progress, settings_.user) != 0;
  }

  const TrainingSettings& settings_;
  TrainingProgress last_{};
  bool stop_ = false;
};

/// Finds before the work what would lose it at its end.
void check_output(const fs::path& file, const Network& network, const DataCollection& source,
                  const TrainingSettings& settings) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored))
    throw usage_error({.file = file.string(), .problem = "is a folder", .expected = "a file for the weights"});
  std::vector<fs::path> inputs{settings.network};
  for (const DataFile& each : source.files) inputs.push_back(each.path);
  if (std::ranges::any_of(inputs, [&](const fs::path& input) { return fs::equivalent(file, input, ignored); }))
    throw usage_error({.file = file.string(),
                       .problem = "is an input of this training, which the weights would replace",
                       .hint = "choose another file"});
  constexpr std::uint64_t metadata = 1 << 20;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  probe_writable(folder, metadata + sizeof(float) * parameter_count(network));
}

/// How far the weights can be trusted; they are worth more than what is known of them.
std::string score_of(const WeightsFile& model, const Split& split, unsigned threads, Notes& notes) {
  try {
    const FittedScore fitted =
        fit_score(model.network, model.parameters, *split.training, split.validation.get(), threads);
    return fitted.score ? score_text(*fitted.score) : "";
  } catch (const std::exception& error) {
    notes.warn(fmt::format("the weights have no score: {}", error.what()));
    return "";
  }
}

}  // namespace

TrainingResult train_into(const std::string& file, const TrainingSettings& settings, const DeviceChoice& device,
                          Notes& notes) {
  TrainingPlan plan = settings.plan;
  WeightsFile model = open_model({.network = settings.network, .weights = settings.weights}, plan.seed, notes);
  DataCollection source =
      load_data_for(model.network, {.data = settings.data, .limit = settings.limit}, DataParts::both, notes);
  check_output(file, model.network, source, settings);
  if (never_takes_gpu(device))
    for (Dataset* const part : {&source.training, &source.test}) pack_images(*part, device.threads);
  const Split split = split_validation(std::move(source.training), settings.validation_split, HeldOut::last, plan.seed);
  if (const auto warning = warning_of_split(split)) notes.warn(*warning);
  plan.batch = images_a_step(plan.batch, split.training->size());
  const auto test_set = std::make_shared<const Dataset>(std::move(source.test));
  model.data = source.name;
  model.limit = source.limit;
  model.class_names = test_set->class_names;

  const std::unique_ptr<Engine> engine =
      start_engine(model, device, {.optimizer = settings.optimizer, .batch = plan.batch, .seed = plan.seed}, notes);
  const ImageSet training = engine->upload(split.training);
  std::optional<ImageSet> validation, test;
  if (split.validation) validation = engine->upload(split.validation);
  if (!test_set->labels.empty()) test = engine->upload(test_set);

  Watcher watcher(settings);
  const TrainingOutcome outcome =
      train(*engine, training, validation ? &*validation : nullptr, plan, {},
            {.listeners = {&watcher}, .stop_requested = [&] { return watcher.wants_stop(); }});
  if (const auto& step = outcome.nonfinite)
    throw numeric_error({.file = "training",
                         .problem = fmt::format("step {} is not finite (epoch {}, learning rate {})", step->step,
                                                step->epoch, step->learning_rate),
                         .hint = "a smaller learning rate may help"});
  if (watcher.wants_stop()) throw Stopped{watcher.where()};

  model.parameters = engine->state().parameters;
  TrainingResult result{.last_epoch = outcome.end.history.back(), .weights_sha256 = weights_sha256(model.parameters)};
  if (test) {
    const std::optional<Evaluation> evaluation = evaluate_all(*engine, *test);
    result.test_accuracy = evaluation.value().result.accuracy;
    result.test_loss = evaluation->result.loss;
  }
  model.score = score_of(model, split, device.threads, notes);
  write_file_atomically(file, weights_bytes(model.network, model.parameters, model.data, model.class_names, file,
                                            model.limit, model.score));
  return result;
}

}  // namespace nib::library
