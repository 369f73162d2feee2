#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/convert/check_images.h"
#include "commands/output_file.h"
#include "commands/train/schedule_options.h"
#include "encodings/json.h"
#include "formats/checkpoint.h"
#include "formats/weights_formats.h"
#include "inference/answers.h"
#include "machine/cores.h"
#include "machine/machine.h"
#include "model/network_json.h"
#include "runs/checkpoint.h"
#include "runs/run_optimizer.h"
#include "runs/run_weights.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string in, out;
  const WeightsFormat* to = nullptr;
  std::string network;
  std::optional<FlattenOrder> flatten;
  std::string data;
  bool best = false, force = false, json = false;
};

/// What became of some images before and after.
struct Check {
  std::string from;  ///< the images, in words
  std::size_t images = 0;
  double largest_difference = 0;
};

/// The names, or the endings, of all formats that can be written.
std::string written_formats(std::string_view WeightsFormat::*column) {
  std::vector<std::string> names;
  for (const WeightsFormat& format : weights_formats())
    if (format.write != nullptr) names.emplace_back(format.*column);
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

const WeightsFormat& output_format(const Options& options) {
  const WeightsFormat* format = options.to != nullptr ? options.to : weights_format_of(options.out);
  if (format == nullptr || format->write == nullptr)
    throw usage_error({.file = options.out,
                       .problem = format == nullptr ? "its name does not tell a format"
                                                    : "a format that nib reads but does not write",
                       .expected = "a name that ends in " + written_formats(&WeightsFormat::ending),
                       .hint = "--to takes " + written_formats(&WeightsFormat::name)});
  return *format;
}

/// Where the training stands that a checkpoint is of; nullopt for what cannot be read twice, and for a training that
/// the file cannot tell, which is warned of.
std::optional<OptimizerState> training_of(const std::string& file, Streams& streams) {
  if (!fs::is_regular_file(file)) return std::nullopt;
  Checkpoint checkpoint = run_checkpoint(read_checkpoint(file), file);
  const double rate = learning_rate_of(checkpoint, file);
  const JsonReader configuration(checkpoint.record.configuration, file);
  const Optimizer optimizer = chosen_optimizer(optimizer_of(configuration));
  const auto refuse = [&](const char* why) {
    streams.warn(std::string("without the optimizer's state: ") + why);
    return std::optional<OptimizerState>();
  };
  if (configuration.find("label_smoothing"))
    return refuse("the run smoothed its labels, and would go on with the plain loss");
  if (optimizer.weight_decay != 0)
    return refuse("Keras's weight decay takes biases as well, and would go on otherwise");
  if (configuration.find("augment"))
    streams.warn("the run moved its images (" + flag_of("augment") + "): what goes on from the file does not");
  return OptimizerState{.optimizer = optimizer,
                        .moments = std::move(checkpoint.state.moments),
                        .step = checkpoint.state.step,
                        .learning_rate = rate};
}

/// Reads what was written and asks both for the probabilities of some images; nullopt where nib does not read the
/// format, or has no images of the network's kind. The parameters must be the same, bit for bit, and so must the
/// network as far as answers tell: a format may not know dropout.
std::optional<Check> check(const WeightsFile& model, const WeightsFormat& format, std::span<const std::uint8_t> written,
                           const Options& options, Streams& streams) {
  if (format.read == nullptr || model.network.input.channels != 1) return std::nullopt;
  WeightsFile after = format.read(written, options.out, {.network = model.network});
  if (weights_sha256(after.parameters) != weights_sha256(model.parameters))
    throw std::logic_error("what was written reads as other weights");
  CheckImages images = choose_check_images(model, options.data, streams);
  const DeviceChoice device{.device = "cpu", .threads = usable_cores()};
  Classifier one(model, device, 1, streams), other(std::move(after), device, 1, streams);
  const double difference = largest_difference(one, other, images.images);
  constexpr double most = 1e-5;
  if (difference > most) throw std::logic_error("what was written gives other answers");
  return Check{std::move(images.from), images.images.size(), difference};
}

std::string check_in_words(const std::optional<Check>& check, const WeightsFormat& format) {
  if (check)
    return fmt::format("Probabilities of {} {}, before and after: largest difference {:g}\n", check->images,
                       check->from, check->largest_difference);
  return fmt::format("Probabilities: not compared, nib {}\n",
                     format.read == nullptr ? "does not read such files" : "has no images of so many channels");
}

Json conversion_document(const Options& options, const WeightsFile& model, const WeightsFormat& format,
                         std::size_t bytes, const std::optional<Check>& check) {
  Json document{{"program", program_json()},
                {"in", {{"file", options.in}, {"format", model.format}}},
                {"out", {{"file", options.out}, {"format", format.name}, {"bytes", bytes}}},
                {"weights_sha256", weights_sha256(model.parameters)},
                {"network", network_to_json(model.network)}};
  if (model.training) document["step"] = model.training->step;
  if (check)
    document["check"] = {
        {"images", check->images}, {"from", check->from}, {"largest_difference", check->largest_difference}};
  return document;
}

int convert_command(Options& options) {
  require_argument("IN", options.in);
  require_argument("OUT", options.out);
  if (options.best) options.in = best_weights_file(options.in);
  end_cleanly_on_signals();
  Streams streams(options.json, false);
  const WeightsFormat& format = output_format(options);
  check_output_file(options.out, weights_file(options.in), "IN", options.force);
  WeightsFile model =
      open_model({.network = options.network, .weights = options.in, .flatten = options.flatten}, 0, streams);
  // Of an unfinished run it may be another checkpoint than the newest.
  check_output_file(options.out, model.file, "IN", options.force);
  warn_of_other_weights(model, streams);
  if (model.checkpoint && format.keeps_training) model.training = training_of(model.file, streams);
  const std::vector<std::uint8_t> bytes = weights_bytes(format, model, options.out);
  const std::optional<Check> checked = check(model, format, bytes, options, streams);
  write_output_file(options.out, bytes, options.force);
  streams.result(fmt::format("{}: {}, {} parameters, {} bytes, from {} ({})\n", printable(options.out), format.words,
                             with_commas(parameter_count(model.network)), with_commas(bytes.size()),
                             printable(options.in), model.format));
  if (model.training)
    streams.result(
        fmt::format("Training: with the state of its optimizer behind step {}\n", with_commas(model.training->step)));
  streams.result(check_in_words(checked, format));
  streams.document(conversion_document(options, model, format, bytes.size(), checked));
  streams.finish();
  return 0;
}

void add_format_option(Command command, const WeightsFormat*& format) {
  const std::string allowed = written_formats(&WeightsFormat::name);
  add_value(command,
            {.names = "--to",
             .value_name = "FORMAT",
             .allowed = allowed,
             .description = allowed + " (default by OUT's name)"},
            [&format, allowed](const std::string& text) {
              format = find_weights_format(text);
              if (format == nullptr || format->write == nullptr)
                throw usage_error(
                    {.file = "--to", .problem = "no format that nib writes", .expected = allowed, .got = quoted(text)});
            });
}

}  // namespace

void add_convert_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command =
      program.add_command("convert", "weights from any format to another, and proof that they are the same");
  add_text(command, "IN", "IN", "a weights file or the folder of a run", options->in,
           "weights, of any format, or the folder of a run");
  add_text(command, "OUT", "OUT", "a file", options->out, "the file to write");
  command.begin_group("Formats");
  add_format_option(command, options->to);
  add_network_option(command, options->network);
  add_flatten_option(command, options->flatten);
  add_best_option(command, options->best);
  command.begin_group("Data");
  add_data_option(command, options->data);
  command.begin_group("Output");
  add_switch(command, "-f,--force", options->force, "replace a file that exists");
  add_json_option(command, options->json);
  command.add_example("nib convert runs/latest weights.npz", "for numpy.load");
  command.add_example("nib convert jax.safetensors nib.safetensors --flatten HWC", "of JAX, with channels last");
  command.set_action([options] { return convert_command(*options); });
}

}  // namespace nib
