#include "commands/train/narrator.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "commands/train/augmentation_options.h"
#include "commands/train/data_text.h"
#include "commands/train/optimizer_options.h"
#include "machine/machine.h"
#include "runs/file_names.h"
#include "runs/picture_files.h"
#include "runs/run_monitor.h"
#include "terminal/sample_grids.h"
#include "terminal/summary_table.h"
#include "terminal/test_tables.h"

namespace nib {

using Clock = ProgressBar::Clock;

void Narrator::introduce_device(const std::string& description) {
  streams_.say(fmt::format("Device: {} ({})\n", description, processor_name()));
}

void Narrator::introduce_ranks(unsigned count, const std::string& library) {
  streams_.say(fmt::format("Ranks: {}, over {}\n", count, library));
}

void Narrator::introduce_data(const DataCollection& source, const Split& split, const ValidationWords& validation,
                              const Dataset& test) {
  streams_.say(data_text(source, split, validation, test, streams_.terminal()));
  streams_.say("\nFirst training images\n" + sample_grid(*split.training, streams_.terminal()) + '\n');
}

void Narrator::introduce_model(const Network& network, const std::string& weights) {
  streams_.say(summary_table(network, streams_.terminal()));
  if (!weights.empty()) streams_.say("Start weights: " + printable(weights) + '\n');
}

void Narrator::tell_keras_start(const OptimizerState& training) {
  streams_.say(
      fmt::format("Going on behind step {} in Keras, with the state of its optimizer\n", with_commas(training.step)));
}

void Narrator::tell_resumption(const FoundCheckpoint& found, std::uint64_t steps) {
  const TrainingPosition& position = found.checkpoint.position;
  std::vector<std::string> done;
  if (const std::size_t epochs = position.history.size(); epochs > 0)
    done.push_back(fmt::format("{} epoch{}", epochs, epochs == 1 ? "" : "s"));
  if (position.step > 0)
    done.push_back(fmt::format("{} of {} steps of epoch {}", position.step, steps, position.epoch));
  streams_.say(fmt::format("Resuming {}: {} done before\n", printable(found.file.string()),
                           done.empty() ? "nothing" : join_words(done)));
}

void Narrator::training_begins(const TrainOptions& options, const Split& split) {
  const TrainingPlan& plan = options.plan;
  const std::string optimizer = optimizer_in_words(options.optimizer);  // empty for the usual one
  const std::size_t images = split.training->size();
  const std::uint64_t steps = steps_an_epoch(images, plan.batch);
  streams_.say(fmt::format("\nTraining: {} images in {} step{} an epoch, batch {}, {}learning rate {}, seed {}\n",
                           with_commas(images), with_commas(steps), steps == 1 ? "" : "s", plan.batch,
                           optimizer.empty() ? "" : "optimizer " + optimizer + ", ", plan.learning_rate, plan.seed));
  if (options.augmentation.any()) streams_.say("Augmentation: " + augmentation_in_words(options.augmentation) + '\n');
  if (options.label_smoothing > 0)
    streams_.say(
        fmt::format("Label smoothing: {}, also in the loss of validation and test\n", options.label_smoothing));
  if (const double l2 = options.optimizer.l2; l2 > 0)
    streams_.say(
        fmt::format("Loss: with {} times the sum of the squares of all weights, also in validation and test\n", l2));
  streams_.say(split.validation ? "accuracy and loss are means while the weights move, val_ those at an epoch's end\n"
                                : "accuracy and loss are means while the weights move\n");
}

void Narrator::epoch_begins(const TrainingProgress& progress) {
  streams_.say(bar_.begin_epoch(progress, Clock::now()));
}

void Narrator::steps_end(const TrainingProgress& progress) { streams_.say(bar_.update(progress, Clock::now())); }

void Narrator::epoch_ends(const EpochResult& result) { streams_.say(bar_.end_epoch(result)); }

void Narrator::training_stops() { streams_.say(bar_.abandon()); }

void Narrator::training_ends(const RunRecord& record) {
  if (const std::string why = early_stop_in_words(record); !why.empty())
    streams_.say(fmt::format("Stopped early behind epoch {}: {}\n", record.history.size(), why));
}

void Narrator::tell_no_test() { streams_.result("\nNot tested: the data have no test part with labels\n"); }

void Narrator::test_ends(const Evaluation& evaluation, const Dataset& test, const std::string& weights) {
  streams_.say("\nFirst test images\n" + prediction_grid(test, evaluation.predictions, streams_.terminal()) + '\n');
  streams_.say(test_tables(evaluation.result, test.class_names, 2, streams_.terminal()) + '\n');
  streams_.result(test_lines(evaluation.result) + "Tested weights: " + weights + '\n');
}

void Narrator::tell_missing_score(const FittedScore& fitted) {
  if (!fitted.why_no_score.empty())
    streams_.say(fmt::format("Score: none, as {}; nib predict will not tell what is no digit\n", fitted.why_no_score));
  else if (!fitted.why_no_judge.empty())
    streams_.say(fmt::format("Score: without a judge of what is no digit, as {}\n", fitted.why_no_judge));
}

void Narrator::conclude(const RunFolder& folder) {
  streams_.result(fmt::format("Files in {}: {}\n", printable(folder.files().path().string()),
                              files_in_words(folder.files().written())));
  streams_.result(fmt::format("weights sha256: {}\n", folder.record.weights_sha256));
  if (const auto& written = folder.files().written(); std::ranges::find(written, report_file) != written.end())
    streams_.result("Report: " + printable(folder.files().file(report_file).string()) + '\n');
}

}  // namespace nib
