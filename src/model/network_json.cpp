#include "model/network_json.h"

#include <fmt/format.h>

#include <variant>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "encodings/json_object.h"

namespace nib {
namespace {

constexpr std::uint64_t largest_text = std::uint64_t{1} << 20;
constexpr int deepest = 8;

/// Reads one layer; its numbers are only checked to be whole here: validate() knows the bounds and names the layer.
Layer read_layer(JsonObject& object) {
  enum class Kind { convolution, max_pool, flatten, dense, dropout };
  const std::vector<std::string> kinds = {"convolution", "max_pool", "flatten", "dense", "dropout"};
  switch (static_cast<Kind>(object.word_index("type", kinds))) {
    case Kind::convolution:
      return Convolution{
          .filters = object.count("filters"),
          .kernel = object.pair("kernel"),
          .stride = object.pair_or("stride", {1, 1}),
          .padding = object.choice<Padding>("padding", {{"valid", Padding::valid}, {"same", Padding::same}}),
          .activation =
              object.choice<Activation>("activation", {{"none", Activation::none}, {"relu", Activation::relu}})};
    case Kind::max_pool: {
      const auto size = object.pair("size");
      return MaxPool{.size = size, .stride = object.pair_or("stride", size)};
    }
    case Kind::flatten:
      return Flatten{};
    case Kind::dense:
      return Dense{.units = object.count("units"),
                   .activation = object.choice<Activation>(
                       "activation",
                       {{"none", Activation::none}, {"relu", Activation::relu}, {"softmax", Activation::softmax}})};
    case Kind::dropout:
      break;
  }
  return Dropout{.rate = object.number("rate")};
}

Network read_network(std::string_view text, const std::string& source) {
  const nlohmann::json json = parse_strict_json(text, source, deepest);
  JsonObject object(json, "", source);
  const std::vector<std::uint32_t> input = object.counts("input", 3);
  const nlohmann::json& layers = object.value("layers");
  if (!layers.is_array()) throw object.error("layers", "wrong type", "an array", describe_json(layers));
  Network network{{input[0], input[1], input[2]}, {}};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    JsonObject layer(layers[i], object.path("layers", i), source);
    network.layers.push_back(read_layer(layer));
    layer.finish();
  }
  object.finish();
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

struct LayerText {
  std::string operator()(const Convolution& layer) const {
    return fmt::format(
        R"({{"type":"convolution","filters":{},"kernel":[{},{}],"stride":[{},{}],"padding":"{}","activation":"{}"}})",
        layer.filters, layer.kernel[0], layer.kernel[1], layer.stride[0], layer.stride[1], word(layer.padding),
        word(layer.activation));
  }
  std::string operator()(const MaxPool& layer) const {
    return fmt::format(R"({{"type":"max_pool","size":[{},{}],"stride":[{},{}]}})", layer.size[0], layer.size[1],
                       layer.stride[0], layer.stride[1]);
  }
  std::string operator()(const Flatten&) const { return R"({"type":"flatten"})"; }
  std::string operator()(const Dense& layer) const {
    return fmt::format(R"({{"type":"dense","units":{},"activation":"{}"}})", layer.units, word(layer.activation));
  }
  std::string operator()(const Dropout& layer) const {
    return fmt::format(R"({{"type":"dropout","rate":{}}})", layer.rate);  // the shortest digits that read back the same
  }
};

}  // namespace

Network parse_network(std::string_view json, const std::string& source) {
  if (json.size() > largest_text)
    throw input_error({.file = source,
                       .problem = "too large for a network",
                       .expected = fmt::format("at most {} bytes", with_commas(largest_text)),
                       .got = with_commas(json.size())});
  const Network network = read_network(json, source);
  try {
    validate(network);
  } catch (const Error& error) {
    Problem problem = error.problem();
    problem.file = source;
    throw Error(error.code(), std::move(problem));
  }
  return network;
}

std::string network_json(const Network& network) {
  std::vector<std::string> layers;
  for (const Layer& layer : network.layers) layers.push_back(std::visit(LayerText{}, layer));
  return fmt::format(R"({{"input":[{},{},{}],"layers":[{}]}})", network.input.height, network.input.width,
                     network.input.channels, fmt::join(layers, ","));
}

Network load_network(const std::string& digits_or_path) {
  if (digits_or_path == "digits") return digits_network();
  try {
    const std::vector<std::uint8_t> bytes = read_file(digits_or_path, largest_text);
    return parse_network({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, digits_or_path);
  } catch (const Error& error) {
    if (error.code() != ExitCode::io) throw;
    Problem problem = error.problem();
    problem.hint = setting("network") + " takes \"digits\" or the path of a JSON file";
    throw Error(error.code(), std::move(problem));
  }
}

}  // namespace nib
