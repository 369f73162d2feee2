#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/device_options.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/required_accuracy.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/run_data.h"
#include "commands/with_ranks.h"
#include "data/description.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "inference/classifier.h"
#include "inference/trust.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "pictures/run_pictures.h"
#include "runs/answer_document.h"
#include "runs/class_figures.h"
#include "runs/file_names.h"
#include "runs/output_folder.h"
#include "runs/picture_files.h"
#include "runs/run_record.h"
#include "runs/run_weights.h"
#include "statistics/predictions_csv.h"
#include "terminal/classification.h"
#include "terminal/test_tables.h"

namespace nib {
namespace {

struct Options {
  std::string weights;
  std::string data;
  std::uint64_t limit = 0;
  bool prepare = false;
  DeviceChoice device;
  std::string network;
  bool best = false;
  std::optional<double> required_accuracy;
  std::optional<FlattenOrder> flatten;
  std::string ranks;
  unsigned digits = 2;
  std::string out;
  bool force = false, pictures = true, json = false, quiet = false;
};

constexpr std::uint32_t rows_at_a_time = 128;

FolderRequest folder_request(const Options& options) {
  constexpr std::uint64_t tables_and_pictures = 8 << 20;
  std::vector<std::string> results = picture_files(evaluation_picture_names());
  results.insert(results.end(), {predictions_file, evaluation_file});
  return {.out = options.out, .force = options.force, .results = results, .bytes = tables_and_pictures};
}

/// The predictions and pictures of a training run are part of its record: those of an evaluation do not take their
/// places, not even by force.
void keep_training_run(const std::string& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::path(folder) / record_file, ignored))
    throw usage_error({.setting = "output folder",
                       .file = folder,
                       .problem = "holds a training run, whose predictions and pictures would be replaced",
                       .hint = "choose another folder, such as evaluation in it"});
}

/// False when a signal asked for a stop before all were written.
bool write_pictures(OutputFolder& folder, const WeightsFile& model, const Dataset& test, const Evaluation& evaluation,
                    const PictureTitle& title, Notes& notes) {
  PictureWriter writer(folder, notes);
  for (const RunPicture& picture : draw_pictures({.test = &test,
                                   .predictions = &evaluation.predictions,
                                   .kernel = first_kernel(model.network, model.parameters),
                                   .class_names = test.class_names,
                                   .title = title})) {
    if (requested_stop() != 0) return false;
    if (picture.drawing) writer.write(*picture.drawing);
  }
  return true;
}

/// The weights by the last two parts of their path: enough to know them by, in the room of a title line.
PictureTitle title_of(const Options& options, const WeightsFile& model, const DataCollection& source,
                      const Evaluation& evaluation) {
  const std::filesystem::path path = options.weights;
  return {.data = source.title,
          .network = network_in_words(model.network),
          .result = result_in_words(evaluation.result),
          .run = "weights " + (path.parent_path().filename() / path.filename()).string()};
}

std::string weights_in_words(const std::string& path, const WeightsFile& model) {
  if (model.limit == 0) return printable(path);
  return fmt::format("{}, from the first {} training images only", printable(path), with_commas(model.limit));
}

std::string coverage_lines(const Coverage& coverage) {
  return fmt::format("Score: {} of {} accepted, {:.2f} % of them right; {} of {} mistakes flagged\n",
                     with_commas(coverage.accepted), with_commas(coverage.images),
                     100 * coverage.accuracy_of_accepted(), with_commas(coverage.flagged_mistakes),
                     with_commas(coverage.mistakes));
}

Json coverage_json(const Coverage& coverage, double temperature) {
  return {{"temperature", temperature},    {"calibration_error", coverage.calibration_error},
          {"accepted", coverage.accepted}, {"accepted_correct", coverage.accepted_correct},
          {"mistakes", coverage.mistakes}, {"flagged_mistakes", coverage.flagged_mistakes}};
}

Json evaluation_document(const Options& options, const Classifier& classifier, const DataCollection& source,
                         const Evaluation& evaluation) {
  DataRecord data = data_record(source);
  data.class_names = source.test.class_names;
  Json document = answer_document(options.weights, classifier);
  document["data"] = to_json(data);
  document["test"] = to_json(evaluation.result);
  document["classes"] = class_figures(evaluation.result.confusion, data.class_names);
  document["report"] = classification_report(evaluation.result.confusion, data.class_names, options.digits);
  document["seconds"] = {{"test", evaluation.seconds}, {"total", process_age()}};
  return document;
}

std::vector<RankFact> facts_of(const WeightsFile& model, const DataCollection& source) {
  std::vector<RankFact> facts{{"weights", "SHA-256 " + weights_sha256(model.parameters)},
                              {"network", json_text(network_to_json(model.network))},
                              {"limit", std::to_string(source.limit), ExitCode::usage}};
  add_facts(facts, source.files);
  return facts;
}

const Dataset& labelled_test_part(const DataCollection& source) {
  const Dataset& test = source.test;
  if (!test.labels.empty()) return test;
  throw input_error({.file = source.folder.string(),
                     .problem = test.size() == 0 ? "the set has no test part" : "the test part has no labels",
                     .expected = "test images with labels",
                     .got = source.found,
                     .hint = test.size() == 0 ? "a table with \"test\" in its name is taken for a test part"
                                              : "nib predict WEIGHTS --data ... --csv FILE answers without labels"});
}

int evaluate_with(Options& options, Command command, Ranks& ranks) {
  if (options.best) options.weights = best_weights_file(options.weights);
  Streams streams(options.json, options.quiet, !ranks.leads());
  WeightsFile model =
      open_model({.network = options.network, .weights = options.weights, .flatten = options.flatten}, 0, streams);
  warn_of_other_weights(model, streams);
  install_signal_handlers();  // now: who waits for weights from a pipe is stopped at once
  const DataChoice data =
      data_for_weights(options.weights, options.best,
                       {.data = options.data, .limit = options.limit, .prepare = options.prepare}, model, streams);
  std::optional<OutputFolder> folder;
  if (!options.out.empty() && ranks.leads()) {
    keep_training_run(options.out);
    folder.emplace(folder_request(options), streams);
  }

  const DataCollection source = load_data_for(model.network, data, DataParts::test_only, streams);
  warn_about_mixed_data(model, source, streams);
  const auto test = std::make_shared<const Dataset>(labelled_test_part(source));
  streams.say(program_versions() + '\n');
  DeviceChoice device = options.device;
  device.device = device_for_evaluation(device, test->size(), streams);
  compute_on(device, ranks, command.given(), streams);
  Classifier classifier(std::move(model), device, rows_at_a_time, streams);
  streams.say(fmt::format("Device: {} ({})\nWeights: {}\n{}\n", classifier.description(), processor_name(),
                          weights_in_words(options.weights, classifier.model()), data_source_line(source)));

  const Trust trust(classifier, device.threads);  // what is wrong with its score is found before any work
  require_same_on_ranks(ranks, facts_of(classifier.model(), source));
  const bool alone = ranks.size() == 1;
  std::optional<Evaluation> evaluation;
  std::vector<std::uint8_t> judged;
  if (alone && trust.can_test())
    evaluation = trust.test(*test, judged);
  else
    evaluation = classifier.evaluate(test);
  const bool stopped = ranks.share_stop();
  if (!evaluation || (!alone && stopped)) return end_after_signal("nothing was written", streams);
  streams.result(test_tables(evaluation->result, test->class_names, options.digits, streams.terminal()) + '\n' +
                 test_lines(evaluation->result));
  Json result = evaluation_document(options, classifier, source, *evaluation);
  if (trust.has_score()) {
    const Coverage coverage = trust.coverage_on(*test, evaluation->predictions, judged);
    streams.result(coverage_lines(coverage));
    result["score"] = coverage_json(coverage, trust.score().temperature);
  } else {
    streams.say("Score: these weights have none (nib train finds one for those that a run ends with)\n");
  }
  bool drawn = true;
  if (folder) {
    folder->remove_old_results();
    folder->write(predictions_file, predictions_csv(evaluation->predictions));
    folder->write(evaluation_file, json_text(result));
    if (options.pictures)
      drawn = write_pictures(*folder, classifier.model(), *test, *evaluation,
                             title_of(options, classifier.model(), source, *evaluation), streams);
    streams.say(
        fmt::format("\nFiles in {}: {}\n", printable(folder->path().string()), files_in_words(folder->written())));
  }
  streams.document(result);
  streams.finish();
  if (requested_stop() == 0) {
    require_accuracy(options.required_accuracy, evaluation->result);
    return 0;
  }
  return end_after_signal(drawn ? "the evaluation is whole" : "the evaluation is whole, but not all of its pictures",
                          streams);
}

int evaluate_command(Options& options, Command command) {
  require_argument("WEIGHTS", options.weights);
  return with_ranks(options.ranks, [&](Ranks& ranks) { return evaluate_with(options, command, ranks); });
}

}  // namespace

void add_evaluate_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("evaluate", "tests weights: loss, accuracy, confusion matrix and report");
  add_weights_argument(command, options->weights);
  command.begin_group("Data");
  add_data_option(command, options->data);
  add_limit_option(command, options->limit);
  add_prepare_option(command, options->prepare);
  add_network_option(command, options->network);
  add_best_option(command, options->best);
  add_flatten_option(command, options->flatten);
  command.begin_group("Device");
  add_device_options(command, options->device);
  add_precision_option(command, options->device.precision);
  add_ranks_option(command, options->ranks);
  command.begin_group("Output");
  add_digits_option(command, options->digits);
  add_required_accuracy_option(command, options->required_accuracy);
  add_text(command, "-o,--out", "DIR", "a folder", options->out,
           "also write test_predictions.csv, evaluation.json and pictures");
  add_switch(command, "-f,--force", options->force, "write into a folder that exists");
  add_switch_off(command, "--no-pictures", options->pictures, "leave out the pictures");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.add_example("nib evaluate runs/latest", "the newest run, on the test set of its data");
  command.set_action([options, command] { return evaluate_command(*options, command); });
}

}  // namespace nib
