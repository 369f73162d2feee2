#include "commands/setup.h"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "model/network_json.h"

namespace nib {
namespace {

std::string times(const Shape& shape) { return fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels); }

bool are_numbered(const std::vector<std::string>& names) {
  for (std::size_t index = 0; index < names.size(); ++index)
    if (names[index] != std::to_string(index)) return false;
  return true;
}

void check_images(const Network& network, const DataCollection& collection) {
  const Dataset& test = collection.test;
  const Shape images{.height = test.rows, .width = test.columns, .channels = 1};
  if (images == network.input) return;
  throw input_error({.file = collection.folder.string(),
                     .problem = "the images do not fit the network's input",
                     .expected = times(network.input),
                     .got = times(images),
                     .hint = "--network FILE takes a network for other images"});
}

/// An unnamed set counts its classes by the labels that occur, which may be fewer than there are.
void check_classes(std::size_t classes, DataCollection& collection) {
  std::vector<std::string> names = collection.test.class_names;
  if (names.size() < classes && are_numbered(names)) {
    while (names.size() < classes) names.push_back(std::to_string(names.size()));
    collection.test.class_names = collection.training.class_names = names;
  }
  if (names.size() == classes) return;
  throw input_error({.file = collection.folder.string(),
                     .problem = "the classes do not fit the network's output",
                     .expected = std::to_string(classes),
                     .got = std::to_string(names.size()),
                     .hint = "--network FILE takes a network for other classes"});
}

}  // namespace

std::optional<Network> requested_network(const std::string& option) {
  return option.empty() ? std::nullopt : std::optional(load_network(option));
}

DataCollection load_data_for(const Network& network, const std::string& data, DataParts parts, Streams& streams) {
  DataCollection collection = load_data(data, parts);
  for (const std::string& warning : collection.warnings) streams.warn(warning);
  check_images(network, collection);
  check_classes(class_count(network), collection);
  return collection;
}

std::string device_for_evaluation(const std::string& device, std::size_t images, Streams& streams) {
  constexpr std::size_t most_images_on_cpu = 100'000;
  if (device != "auto" || images > most_images_on_cpu) return device;
  streams.say(fmt::format("running on the CPU: no more than {} images (--device cuda takes a GPU all the same)\n",
                          with_commas(most_images_on_cpu)));
  return "cpu";
}

std::unique_ptr<Engine> make_engine_for(const Network& network, const DeviceChoice& choice, std::uint32_t batch,
                                        std::uint64_t seed, Streams& streams) {
  std::optional<Precision> precision;
  if (!choice.precision.empty()) precision = choice.precision == "tf32" ? Precision::tf32 : Precision::fp32;
  std::string note;
  std::unique_ptr<Engine> engine = make_engine(choice.device,
                                               {.network = network,
                                                .batch = batch,
                                                .seed = seed,
                                                .precision = precision,
                                                .cpu = {.threads = choice.threads},
                                                .cuda = {.stream = choice.stream, .fast = choice.fast}},
                                               note);
  if (!note.empty()) streams.say(note + '\n');
  const bool on_cpu = engine->description().starts_with("cpu");
  if (choice.stream && on_cpu)
    streams.warn("--stream is for CUDA devices: the CPU engine reads the images where they are");
  if (choice.fast && on_cpu) streams.warn("--fast is for CUDA devices: the CPU engine has exact algorithms only");
  return engine;
}

void check_batch(std::uint32_t batch, const Dataset& training) {
  if (batch > training.size())
    throw usage_error({.file = "--batch",
                       .problem = "larger than the training part",
                       .expected = fmt::format("1 to {}", training.size()),
                       .got = std::to_string(batch)});
}

TrainingState fresh_state(const Network& network, const Parameters& parameters) {
  return {.parameters = parameters,
          .first_moment = zero_parameters(network),
          .second_moment = zero_parameters(network),
          .step = 0};
}

int end_after_signal(const std::string& what_is_left, Streams& streams) {
  const int signal = requested_stop();
  const char* const name = sigabbrev_np(signal);
  streams.notice(fmt::format("stopped by SIG{}: {}", name ? name : std::to_string(signal).c_str(), what_is_left));
  return 128 + signal;
}

}  // namespace nib
