#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/device_options.h"
#include "cli/interruption.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/verify/verify_text.h"
#include "data/description.h"
#include "encodings/json.h"
#include "engines/device_name.h"
#include "formats/weights.h"
#include "inference/classifier.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "parity/gates.h"
#include "parity/recording.h"
#include "parity/replay.h"

namespace nib {
namespace {

struct Options {
  std::string weights;
  std::string against;
  std::vector<std::string> devices;
  std::string data;
  std::uint64_t limit = 0;
  std::string network;
  std::optional<FlattenOrder> flatten;
  DeviceChoice device;
  bool json = false, quiet = false;
};

constexpr std::uint32_t rows_at_a_time = 128;

std::vector<std::string> parse_devices(const std::string& text) {
  std::vector<std::string> devices;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    devices.push_back(text.substr(begin, end - begin));
    if (!parse_device_name(devices.back()))
      throw usage_error({.setting = "devices",
                         .problem = "no such device",
                         .expected = "cpu, cuda or cuda:N, with commas between them",
                         .got = nib::quoted(devices.back())});
    begin = end + 1;
  }
  if (devices.size() < 2)
    throw usage_error({.setting = "devices",
                       .problem = "nothing to compare with",
                       .expected = "two devices or more, as in cpu,cuda",
                       .got = nib::quoted(text)});
  return devices;
}

Error check_failed(std::string problem, std::string hint = {}) {
  return {ExitCode::check_failed, {.problem = std::move(problem), .hint = std::move(hint)}};
}

Json figure_json(const ParityRow& row) {
  return {{"figure", row.figure},         {"peer", row.peer}, {"nib", row.nib},
          {"difference", row.difference}, {"gate", row.gate}, {"within", row.within()}};
}

/// The set that was named, else the one that the recording names: whoever looks for a fault has to know which of both.
DataCollection load_data_of(const Recording& recording, const Options& options, Streams& streams) {
  const bool is_named = !options.data.empty();
  const DataChoice choice{.data = is_named ? options.data : recording.data, .limit = options.limit};
  try {
    return load_data_for(recording.network, choice, DataParts::both, streams);
  } catch (const Error& error) {
    if (is_named) throw;
    Problem problem = error.problem();
    problem.hint =
        printable(recording.document) + " names these data" + (problem.hint.empty() ? "" : "; ") + problem.hint;
    throw Error(error.code(), std::move(problem));
  }
}

int verify_steps(const Options& options, Streams& streams) {
  const std::string folder = options.against.empty() ? bundled_recording().string() : options.against;
  const Recording recording = read_recording(folder);
  DataCollection source = load_data_of(recording, options, streams);
  WeightsFile start;
  start.network = recording.network;
  start.parameters = recording.initial;
  const std::unique_ptr<Engine> engine = start_engine(
      start, options.device, {.batch = recording.batch, .label_smoothing = recording.label_smoothing}, streams);
  const std::size_t steps = recording.losses.size();
  streams.say(fmt::format("Device: {} ({})\nPeer: {}\nRecording: {} ({} steps of {} images of {})\n\n",
                          engine->description(), processor_name(), recording.peer, printable(folder), steps,
                          recording.batch, source.title));

  const ImageSet images = engine->upload(std::make_shared<const Dataset>(std::move(source.training)));
  const std::optional<std::vector<ParityRow>> rows = replay(*engine, images, recording);
  if (!rows) return end_after_signal("nothing was compared", streams);
  const auto within = static_cast<std::size_t>(std::ranges::count_if(*rows, &ParityRow::within));
  streams.result(replay_table(*rows) +
                 fmt::format("\n{} of {} figures are within their gates\n", within, rows->size()));
  Json figures = Json::array();
  for (const ParityRow& row : *rows) figures.push_back(figure_json(row));
  streams.document({{"program", program_json()},
                    {"engine", engine->description()},
                    {"recording", folder},
                    {"peer", recording.peer},
                    {"network", network_to_json(recording.network)},
                    {"data", source.name},
                    {"steps", steps},
                    {"batch", recording.batch},
                    {"figures", figures},
                    {"outside", rows->size() - within}});
  streams.finish();
  if (within < rows->size())
    throw check_failed(fmt::format("{} of {} figures are outside their gates", rows->size() - within, rows->size()));
  return 0;
}

/// What the engine of one device makes of the test images; nullopt when a signal asked for a stop meanwhile.
struct DeviceAnswer {
  std::string engine;
  Predictions predictions;
};
std::optional<DeviceAnswer> answer_of(const std::string& device, const Options& options, const WeightsFile& model,
                                      const std::shared_ptr<const Dataset>& test, Streams& streams) {
  DeviceChoice choice = options.device;
  choice.device = device;
  Classifier classifier(model, choice, rows_at_a_time, streams);
  std::optional<Evaluation> evaluation = classifier.evaluate(test);
  if (!evaluation) return std::nullopt;
  return DeviceAnswer{classifier.description(), std::move(evaluation->predictions)};
}

Json comparison_json(const std::string& engine, const PredictionDifference& difference) {
  return {{"engine", engine},
          {"probability_difference", difference.probability},
          {"probability_gate", probability_gate},
          {"log_probability_difference", difference.log_probability},
          {"log_probability_gate", log_probability_gate},
          {"changed_predictions", difference.changed},
          {"first_changed", difference.first_changed},
          {"within", difference.within()}};
}

int verify_devices(const Options& options, Streams& streams) {
  require_argument("WEIGHTS", options.weights);
  const WeightsFile model =
      open_model({.network = options.network, .weights = options.weights, .flatten = options.flatten}, 0, streams);
  const std::string data = data_for_model(options.data, model, streams);
  const DataCollection source =
      load_data_for(model.network, {.data = data, .limit = options.limit}, DataParts::test_only, streams);
  const auto test = std::make_shared<const Dataset>(source.test);
  streams.say(fmt::format("Weights: {}\n{}\n", printable(options.weights), data_source_line(source)));

  std::optional<DeviceAnswer> first;
  Json comparisons = Json::array();
  std::size_t outside = 0;
  for (const std::string& device : options.devices) {
    std::optional<DeviceAnswer> answer = answer_of(device, options, model, test, streams);
    if (!answer) return end_after_signal("not all devices were compared", streams);
    if (!first) {
      first = std::move(answer);
      continue;
    }
    const PredictionDifference difference = compare_predictions(first->predictions, answer->predictions);
    outside += difference.within() ? 0 : 1;
    streams.result(comparison_table(first->engine, answer->engine, difference));
    comparisons.push_back(comparison_json(answer->engine, difference));
  }
  streams.document({{"program", program_json()},
                    {"weights", options.weights},
                    {"weights_sha256", weights_sha256(model.parameters)},
                    {"network", network_to_json(model.network)},
                    {"data", source.name},
                    {"images", test->size()},
                    {"engine", first->engine},
                    {"comparisons", comparisons},
                    {"outside", outside}});
  streams.finish();
  if (outside > 0)
    throw check_failed(fmt::format("{} of {} comparisons are outside their gates", outside, comparisons.size()));
  return 0;
}

/// Options of the one way that say nothing to the other are refused, not passed over.
void check_options(const Options& options, const std::vector<std::string>& given) {
  const auto has = [&](const std::string& name) { return std::ranges::find(given, name) != given.end(); };
  if (options.devices.empty() && !options.weights.empty())
    throw usage_error(
        {.setting = "devices",
         .problem = "missing",
         .hint = "WEIGHTS are compared on " + setting("devices") + " cpu,cuda; recorded steps bring their own"});
  if (options.devices.empty() && has("--network"))
    throw usage_error({.setting = "network",
                       .problem = "is for " + setting("devices") + " alone",
                       .hint = "a recording brings its own network"});
  for (const std::string name : {"against", "device"})
    if (!options.devices.empty() && has("--" + name))
      throw usage_error({.setting = name, .problem = "does not go with " + setting("devices")});
}

int verify_command(Options& options, const std::vector<std::string>& given) {
  check_options(options, given);
  install_signal_handlers();
  options.device.precision = "fp32";  // the gates are those of float32
  Streams streams(options.json, options.quiet);
  return options.devices.empty() ? verify_steps(options, streams) : verify_devices(options, streams);
}

}  // namespace

void add_verify_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command =
      program.add_command("verify", "repeats steps that Keras or PyTorch recorded, or compares devices on weights");
  add_weights_argument(command, options->weights, true);
  add_text(command, "--against", "DIR", "the folder of a recording", options->against,
           "recorded training steps to repeat; without it those that come with nib");
  add_value(command,
            {.names = "--devices",
             .value_name = "LIST",
             .allowed = "cpu, cuda or cuda:N, with commas between them",
             .description = "compare what these make of WEIGHTS on the test images, each with the first"},
            [options](const std::string& text) { options->devices = parse_devices(text); });
  command.begin_group("Data");
  add_data_option(command, options->data);
  add_limit_option(command, options->limit);
  add_network_option(command, options->network);
  add_flatten_option(command, options->flatten);
  command.begin_group("Device");
  add_device_options(command, options->device);
  command.begin_group("Output");
  add_quiet_option(command, options->quiet);
  add_json_option(command, options->json);
  command.add_example("nib verify", "twenty steps beside those of Keras, in a second");
  command.add_example("nib verify --devices cpu,cuda runs/latest", "both engines on the newest run's weights");
  command.set_action([options, command] { return verify_command(*options, command.given()); });
}

}  // namespace nib
