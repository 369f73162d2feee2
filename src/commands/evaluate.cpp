#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

#include "base/signals.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/device_options.h"
#include "commands/narrative.h"
#include "commands/setup.h"
#include "encodings/json.h"
#include "formats/weights.h"
#include "inference/evaluation.h"
#include "inference/weights_data.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "pictures/run_pictures.h"
#include "runs/file_names.h"
#include "runs/output_folder.h"
#include "runs/picture_files.h"
#include "runs/run_record.h"
#include "statistics/predictions_csv.h"
#include "terminal/classification.h"

namespace nib {
namespace {

struct Options {
  std::string weights;
  std::string data;
  DeviceChoice device;
  std::string network;
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

void write_pictures(OutputFolder& folder, const WeightsFile& file, const Dataset& test, const Evaluation& evaluation) {
  for (const RunPicture& picture : draw_pictures({.test = &test,
                                   .predictions = &evaluation.predictions,
                                   .kernel = first_kernel(file.network, file.parameters),
                                   .class_names = test.class_names}))
    if (picture.drawing) write_picture(folder, *picture.drawing);
}

Json document(const Options& options, const WeightsFile& file, const DataCollection& source, const Dataset& test,
              const Engine& engine, const Evaluation& evaluation) {
  DataRecord data = data_record(source);
  data.class_names = test.class_names;
  return {{"program", program_json()},
          {"engine", engine.description()},
          {"weights", options.weights},
          {"weights_sha256", weights_sha256(file.parameters)},
          {"network", network_to_json(file.network)},
          {"data", to_json(data)},
          {"test", to_json(test_record(evaluation))},
          {"report", classification_report(evaluation.metrics.confusion, test.class_names, options.digits)},
          {"seconds", {{"test", evaluation.seconds}, {"total", process_age()}}}};
}

int evaluate_command(const Options& options) {
  require_argument("WEIGHTS", options.weights);
  install_signal_handlers();
  Streams streams(options.json, options.quiet);
  const WeightsFile file = read_weights(options.weights, {.network = requested_network(options.network)});
  for (const std::string& note : file.notes) streams.warn(note);
  const std::string data = data_for_weights(options.data, file);
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) folder.emplace(folder_request(options));

  DataCollection source = load_data_for(file.network, data, DataParts::test_only, streams);
  warn_about_mixed_data(file, source, streams);
  const auto test = std::make_shared<const Dataset>(std::move(source.test));
  streams.say(program_versions() + '\n');
  DeviceChoice device = options.device;
  device.device = device_for_evaluation(device.device, test->size(), streams);
  const std::unique_ptr<Engine> engine = make_engine_for(file.network, device, rows_at_a_time, 0, streams);
  const ImageSet images = engine->upload(test);
  engine->set_state(fresh_state(file.network, file.parameters));
  streams.say(fmt::format("Device: {} ({})\nWeights: {}\n{}\n", engine->description(), processor_name(),
                          printable(options.weights), data_source_line(source)));

  const std::optional<Evaluation> evaluation = evaluate_all(*engine, images);
  if (!evaluation) return end_after_signal("nothing was written", streams);
  streams.result(result_lines(*evaluation) + '\n' +
                 result_tables(*evaluation, test->class_names, options.digits, streams.terminal()));
  const Json result = document(options, file, source, *test, *engine, *evaluation);
  if (folder) {
    folder->remove_old_results();
    folder->write(predictions_file, predictions_csv(evaluation->predictions));
    folder->write(evaluation_file, json_text(result));
    if (options.pictures) write_pictures(*folder, file, *test, *evaluation);
    streams.say(
        fmt::format("\nFiles in {}: {}\n", printable(folder->path().string()), files_in_words(folder->written())));
  }
  streams.document(result);
  streams.finish();
  return 0;
}

}  // namespace

void add_evaluate_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("evaluate", "tests weights: loss, accuracy, confusion matrix and report");
  add_weights_argument(command, options->weights);
  add_data_option(command, options->data);
  add_device_options(command, options->device);
  add_precision_option(command, options->device.precision);
  add_network_option(command, options->network);
  add_digits_option(command, options->digits);
  add_text(command, "-o,--out", "DIR", "a folder", options->out,
           "also write test_predictions.csv, evaluation.json and pictures");
  add_switch(command, "-f,--force", options->force, "write into a folder that exists");
  add_switch_off(command, "--no-pictures", options->pictures, "leave out the pictures");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.set_action([options] { return evaluate_command(*options); });
}

}  // namespace nib
