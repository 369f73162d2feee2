#include "model/network_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/stream.h"
#include "base/text.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "model/foreign_words.h"

namespace nib {
namespace {

constexpr std::uint64_t largest_text = std::uint64_t{1} << 20;
constexpr int deepest = 8;

constexpr std::pair<const char*, Padding> paddings[] = {{"valid", Padding::valid}, {"same", Padding::same}};
constexpr std::pair<const char*, Activation> activations[] = {
    {"none", Activation::none}, {"relu", Activation::relu}, {"softmax", Activation::softmax}};

/// What the word under a key stands for among the first `count` of `choices`; the first where the key is missing.
template <typename Value, std::size_t most>
Value choice(const JsonReader& layer, const std::string& key, const std::pair<const char*, Value> (&choices)[most],
             std::size_t count = most) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) words.emplace_back(choices[i].first);
  return choices[layer.value().find(key) ? layer.at(key).word_index(words, foreign_values()) : 0].second;
}

/// [height, width], or one number for both.
std::array<std::uint32_t, 2> pair(const JsonReader& value) {
  if (!value.value().is_number()) return value.pair();
  const std::uint32_t both = value.count();
  return {both, both};
}

std::array<std::uint32_t, 2> pair_or(const JsonReader& layer, const std::string& key,
                                     std::array<std::uint32_t, 2> standard) {
  return layer.value().find(key) ? pair(layer.at(key)) : standard;
}

Convolution read_convolution(const JsonReader& layer) {
  return {.filters = layer.at("filters").count(),
          .kernel = pair(layer.at("kernel")),
          .stride = pair_or(layer, "stride", {1, 1}),
          .padding = choice(layer, "padding", paddings),
          .activation = choice(layer, "activation", activations, 2)};
}

template <typename Pool>
Layer read_pool(const JsonReader& layer) {
  const auto size = pair(layer.at("size"));
  return Pool{.size = size, .stride = pair_or(layer, "stride", size)};
}

Dense read_dense(const JsonReader& layer) {
  return {.units = layer.at("units").count(), .activation = choice(layer, "activation", activations)};
}

struct LayerSchema {
  const char* type;
  std::vector<std::string> keys;
  Layer (*read)(const JsonReader&);
};

const std::vector<LayerSchema>& layer_schemas() {
  static const std::vector<LayerSchema> schemas = {
      {"convolution",
       {"type", "filters", "kernel", "stride", "padding", "activation"},
       [](const JsonReader& layer) -> Layer { return read_convolution(layer); }},
      {"max_pool", {"type", "size", "stride"}, read_pool<MaxPool>},
      {"average_pool", {"type", "size", "stride"}, read_pool<AveragePool>},
      {"global_average_pool", {"type"}, [](const JsonReader&) -> Layer { return GlobalAveragePool{}; }},
      {"flatten", {"type"}, [](const JsonReader&) -> Layer { return Flatten{}; }},
      {"dense", {"type", "units", "activation"}, [](const JsonReader& layer) -> Layer { return read_dense(layer); }},
      {"dropout", {"type", "rate"}, [](const JsonReader& layer) -> Layer {
         return Dropout{.rate = layer.at("rate").number()};
       }}};
  return schemas;
}

std::vector<std::string> keys_of_all_layers() {
  std::vector<std::string> keys;
  for (const LayerSchema& schema : layer_schemas())
    for (const std::string& key : schema.keys)
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  return keys;
}

/// Reads one layer; its numbers are only checked to be whole here: validate() knows the bounds and names the layer.
Layer read_layer(const JsonReader& layer) {
  std::vector<std::string> types;
  for (const LayerSchema& schema : layer_schemas()) types.emplace_back(schema.type);
  if (!layer.object().find("type")) layer.refuse_other_keys(keys_of_all_layers(), foreign_keys());
  const LayerSchema& schema = layer_schemas()[layer.at("type").word_index(types, foreign_layer_types())];
  layer.refuse_other_keys(schema.keys, foreign_keys());  // before a missing key: another spelling of it is the cause
  return schema.read(layer);
}

Shape read_input(const JsonReader& input) {
  if (input.is_array() && input.value().size() == 2) {
    Problem problem = input.error("wrong length", "an array of 3", describe_json(input.value())).problem();
    problem.hint = "the third number is that of channels, 1 for grey images";
    throw input_error(std::move(problem));
  }
  const std::vector<std::uint32_t> sizes = input.counts(3);
  return {sizes[0], sizes[1], sizes[2]};
}

Network read_network(const JsonReader& document) {
  document.refuse_other_keys({"input", "layers"}, foreign_keys());
  Network network{read_input(document.at("input")), {}};
  for (const JsonReader& layer : document.at("layers").items()) network.layers.push_back(read_layer(layer));
  return network;
}

const char* word(Padding padding) { return padding == Padding::same ? "same" : "valid"; }

const char* word(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return "relu";
    case Activation::softmax:
      return "softmax";
    case Activation::none:
      break;
  }
  return "none";
}

Json pair_json(const std::array<std::uint32_t, 2>& pair) { return Json::array({pair[0], pair[1]}); }

struct LayerJson {
  Json operator()(const Convolution& layer) const {
    return {{"type", "convolution"},
            {"filters", layer.filters},
            {"kernel", pair_json(layer.kernel)},
            {"stride", pair_json(layer.stride)},
            {"padding", word(layer.padding)},
            {"activation", word(layer.activation)}};
  }
  Json operator()(const MaxPool& layer) const {
    return {{"type", "max_pool"}, {"size", pair_json(layer.size)}, {"stride", pair_json(layer.stride)}};
  }
  Json operator()(const AveragePool& layer) const {
    return {{"type", "average_pool"}, {"size", pair_json(layer.size)}, {"stride", pair_json(layer.stride)}};
  }
  Json operator()(const GlobalAveragePool&) const { return {{"type", "global_average_pool"}}; }
  Json operator()(const Flatten&) const { return {{"type", "flatten"}}; }
  Json operator()(const Dense& layer) const {
    return {{"type", "dense"}, {"units", layer.units}, {"activation", word(layer.activation)}};
  }
  Json operator()(const Dropout& layer) const {
    return {{"type", "dropout"}, {"rate", layer.rate == 0 ? Json(0) : Json(layer.rate)}};
  }
};

}  // namespace

Network parse_network(std::string_view json, const std::string& source) {
  if (json.size() > largest_text)
    throw input_error({.file = source,
                       .problem = "too large for a network",
                       .expected = fmt::format("at most {} bytes", with_commas(largest_text)),
                       .got = with_commas(json.size())});
  const Json document = parse_json(json, source, deepest);
  const Network network = read_network(JsonReader(document, source));
  try {
    validate(network);
  } catch (const Error& error) {
    Problem problem = error.problem();
    problem.file = source;
    throw Error(error.code(), std::move(problem));
  }
  return network;
}

Json network_to_json(const Network& network) {
  Json layers = Json::array();
  for (const Layer& layer : network.layers) layers.push_back(std::visit(LayerJson{}, layer));
  return {{"input", Json::array({network.input.height, network.input.width, network.input.channels})},
          {"layers", std::move(layers)}};
}

std::string network_json(const Network& network) { return json_line(network_to_json(network)); }

Network load_network(const std::string& digits_or_path) {
  if (digits_or_path == "digits") return digits_network();
  try {
    const std::vector<std::uint8_t> bytes = read_file_or_fifo(digits_or_path, largest_text);
    return parse_network({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, digits_or_path);
  } catch (const Error& error) {
    if (error.code() != ExitCode::io) throw;
    Problem problem = error.problem();
    problem.hint = setting("network") + " takes \"digits\" or the path of a JSON file";
    throw Error(error.code(), std::move(problem));
  }
}

}  // namespace nib
