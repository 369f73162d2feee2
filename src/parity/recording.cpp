#include "parity/recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>
#include <variant>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "data/catalogue.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "formats/weights.h"
#include "model/network_json.h"
#include "nib/training.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr const char* format_version = "1";
constexpr std::uint64_t largest_recording = 64 << 20;  ///< bytes of JSON

void check_version(const JsonReader& document) {
  const std::string version = document.at("nib.recording").text();
  if (version != format_version)
    throw document.at("nib.recording").error("unknown version of the format", format_version, printable(version, 60));
}

std::uint32_t read_batch(const JsonReader& value) {
  const std::uint32_t batch = value.count();
  if (batch > largest_batch)
    throw value.error("out of range", fmt::format("1 to {}", largest_batch), std::to_string(batch));
  return batch;
}

std::vector<std::uint32_t> read_order(const JsonReader& value, std::uint32_t batch) {
  std::vector<std::uint32_t> order;
  for (const JsonReader& index : value.items()) {
    const std::uint64_t number = index.whole_number();
    if (number > UINT32_MAX) throw index.error("not the index of an image", {}, std::to_string(number));
    order.push_back(static_cast<std::uint32_t>(number));
  }
  if (order.empty() || order.size() % batch != 0)
    throw value.error("not a whole number of batches", fmt::format("a multiple of {}", batch),
                      std::to_string(order.size()));
  return order;
}

std::vector<double> read_rates(const JsonReader& value, std::size_t steps) {
  std::vector<double> rates;
  for (const JsonReader& rate : value.items(steps)) {
    rates.push_back(rate.number());
    if (rates.back() < least_learning_rate || rates.back() > greatest_learning_rate)
      throw rate.error("not a learning rate", fmt::format("{} to {}", least_learning_rate, greatest_learning_rate),
                       fmt::format("{}", rates.back()));
  }
  return rates;
}

double read_smoothing(const JsonReader& value) {
  const double smoothing = value.number();
  if (!(smoothing >= 0 && smoothing < 1))
    throw value.error("not a label smoothing", "from 0 to below 1", fmt::format("{}", smoothing));
  return smoothing;
}

std::vector<double> read_losses(const JsonReader& value, std::size_t steps) {
  std::vector<double> losses;
  for (const JsonReader& loss : value.items(steps)) losses.push_back(loss.number());
  return losses;
}

Network read_network(const JsonReader& value, const std::string& document) {
  Network network = parse_network(json_line(value.value()), document + ": " + value.path());
  const bool random =
      std::ranges::any_of(network.layers, [](const Layer& layer) { return std::holds_alternative<Dropout>(layer); });
  if (random) throw value.error("has dropout, whose random numbers no two programs share");
  return network;
}

Recording read_document(const std::string& text, const std::string& name) {
  constexpr int deepest = 6;
  const Json json = parse_json(text, name, deepest);
  const JsonReader document(json, name);
  check_version(document);
  document.refuse_other_keys(
      {"nib.recording", "peer", "data", "network", "batch", "order", "learning_rates", "label_smoothing", "losses"});
  Recording recording;
  recording.document = name;
  recording.peer = printable(document.at("peer").text(), 200);
  recording.data = document.at("data").text();
  recording.network = read_network(document.at("network"), name);
  recording.batch = read_batch(document.at("batch"));
  recording.order = read_order(document.at("order"), recording.batch);
  const std::size_t steps = recording.order.size() / recording.batch;
  recording.learning_rates = read_rates(document.at("learning_rates"), steps);
  if (const auto smoothing = document.find("label_smoothing")) recording.label_smoothing = read_smoothing(*smoothing);
  recording.losses = read_losses(document.at("losses"), steps);
  return recording;
}

}  // namespace

Recording read_recording(const fs::path& folder) {
  const std::string document = (folder / recording_file).string();
  const std::vector<std::uint8_t> bytes = read_file(document, largest_recording);
  Recording recording = read_document({bytes.begin(), bytes.end()}, document);
  const WeightsOptions options{.network = recording.network};
  recording.initial = read_weights(folder / recorded_start_file, options).parameters;
  recording.final = read_weights(folder / recorded_end_file, options).parameters;
  return recording;
}

fs::path bundled_recording() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::path& place : data_places("parity")) {
    if (fs::exists(place / recording_file, ignored)) return place;
    names.push_back(place.string());
  }
  throw input_error(
      {.problem = "the recording that comes with nib was not found; looked in " + printable(join_words(names)),
       .hint = setting("against") + " DIR takes the folder of another one"});
}

}  // namespace nib
