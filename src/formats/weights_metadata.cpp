#include "formats/weights_metadata.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "formats/checkpoint.h"
#include "formats/metadata_keys.h"
#include "formats/tensors_reader.h"
#include "model/network_json.h"

namespace nib {
namespace {

void check_version(const Metadata& metadata, const std::string& source) {
  const std::string version = value_of(metadata, metadata::format).value_or("");
  if (version != metadata::format_version)
    throw input_error({.file = source,
                       .field = metadata::format,
                       .problem = "unknown version of nib's format",
                       .expected = std::string(metadata::format_version),
                       .got = version.empty() ? "none" : printable(version, 60)});
}

constexpr std::array<std::pair<std::string_view, FlattenOrder>, 2> flatten_orders = {
    {{metadata::channels_first, FlattenOrder::channels_first}, {metadata::channels_last, FlattenOrder::channels_last}}};

/// As the file says, or as asked for where it does not. nib's own files know one order only.
std::optional<FlattenOrder> choose_flatten(const Metadata& metadata, std::optional<FlattenOrder> asked, bool ours,
                                           const std::string& source) {
  const auto word = value_of(metadata, metadata::flatten);
  if (!word) return ours ? FlattenOrder::channels_first : asked;
  const auto* const order = std::ranges::find(flatten_orders, *word, &std::pair<std::string_view, FlattenOrder>::first);
  if (order == flatten_orders.end() || (ours && order->second != FlattenOrder::channels_first))
    throw input_error({.file = source,
                       .field = metadata::flatten,
                       .problem = "inputs of the dense layer are in another order",
                       .expected = ours ? std::string(metadata::channels_first) : "CHW or HWC",
                       .got = printable(*word, 60)});
  if (asked && *asked != order->second)
    throw input_error({.file = source,
                       .field = metadata::flatten,
                       .problem = "the file says another order than " + setting("flatten"),
                       .expected = *word,
                       .hint = "leave " + setting("flatten") + " out: the file brings its own"});
  return order->second;
}

std::vector<std::string> read_class_names(const Metadata& metadata, const Network& network, const std::string& source) {
  const auto text = value_of(metadata, metadata::classes);
  if (!text) return {};
  const Json array = parse_json(*text, source + ": " + metadata::classes, 1);
  std::vector<std::string> names;
  if (array.is_array())
    for (const Json& name : array.items())
      if (name.is_text()) names.push_back(printable(name.text(), 200));
  if (!array.is_array() || names.size() != array.size() || names.size() != class_count(network))
    throw input_error({.file = source,
                       .field = metadata::classes,
                       .problem = "not a name for each class",
                       .expected = fmt::format("an array of {} strings", class_count(network)),
                       .got = describe_json(array)});
  return names;
}

void check_hash(const Metadata& metadata, const Parameters& parameters, const std::string& source) {
  const auto expected = value_of(metadata, metadata::weights_sha256);
  if (!expected) return;
  const std::string got = weights_sha256(parameters);
  if (got != *expected)
    throw input_error({.file = source,
                       .field = metadata::weights_sha256,
                       .problem = "the numbers are not those that nib wrote: the file is damaged, or another program "
                                  "changed them",
                       .expected = printable(*expected, 64),
                       .got = got,
                       .hint = "who changes weights on purpose leaves out the metadata that begin with nib."});
}

/// One name a class: a network may have more or fewer classes than the data it was trained on had names for.
std::string class_names_json(std::vector<std::string> names, std::size_t classes) {
  const std::size_t named = names.size();
  names.resize(classes);
  for (std::size_t index = named; index < classes; ++index) names[index] = std::to_string(index);
  return json_line(names);
}

}  // namespace

std::optional<std::string> value_of(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::nullopt : std::optional(found->second);
}

bool are_ours(const Metadata& metadata, const std::string& source) {
  const bool ours = std::any_of(metadata.begin(), metadata.end(),
                                [](const auto& entry) { return entry.first.starts_with(metadata::own_prefix); });
  if (ours) check_version(metadata, source);
  return ours;
}

std::vector<std::string> read_moment_names(const Metadata& metadata, const std::string& source) {
  const auto text = value_of(metadata, metadata::moments);
  if (!text) return {};
  const std::string document = source + ": " + metadata::moments;
  const Json array = parse_json(*text, document, 1);
  const JsonReader reader(array, document);
  if (reader.array().size() > most_moments)
    throw reader.error("too many moments", fmt::format("at most {}", most_moments), describe_json(array));
  return reader.texts();
}

Network choose_network(const Metadata& metadata, const std::optional<Network>& asked, const std::string& source) {
  const auto text = value_of(metadata, metadata::network);
  if (!text) return asked ? *asked : digits_network();
  Network own = parse_network(*text, source + ": " + metadata::network);
  if (asked && *asked != own)
    throw input_error({.file = source,
                       .field = metadata::network,
                       .problem = "the file is for another network than " + setting("network") + " names",
                       .hint = "leave " + setting("network") + " out: the file brings its own"});
  return own;
}

void take_description(const Metadata& metadata, const std::string& source, WeightsFile& weights) {
  weights.data = printable(value_of(metadata, metadata::data).value_or(""));
  weights.limit = parse_unsigned(value_of(metadata, metadata::limit).value_or("")).value_or(0);
  weights.class_names = read_class_names(metadata, weights.network, source);
  weights.score = value_of(metadata, metadata::score).value_or("");
  check_hash(metadata, weights.parameters, source);
}

WeightsFile weights_of(const Metadata& metadata, std::span<const FileTensor> tensors, const std::string& source,
                       const WeightsOptions& options) {
  WeightsFile weights;
  weights.ours = are_ours(metadata, source);
  const std::optional<FlattenOrder> flatten = choose_flatten(metadata, options.flatten, weights.ours, source);
  weights.network = choose_network(metadata, options.network, source);
  const TensorRules rules{.moments = read_moment_names(metadata, source),
                          .canonical = weights.ours,
                          .format = value_of(metadata, metadata::writer).value_or(""),
                          .flatten = flatten,
                          .allow_extra = options.allow_extra,
                          .allow_nonfinite = options.allow_nonfinite};
  weights.parameters = read_parameters(tensors, weights.network, rules, source, weights.notes);
  take_description(metadata, source, weights);
  return weights;
}

Metadata metadata_of(const WeightsFile& model) {
  Metadata metadata = {{metadata::writer, std::string(metadata::torch)},
                       {metadata::flatten, std::string(metadata::channels_first)},
                       {metadata::format, std::string(metadata::format_version)},
                       {metadata::network, network_json(model.network)},
                       {metadata::data, model.data}};
  if (model.limit > 0) metadata[metadata::limit] = std::to_string(model.limit);
  if (!model.score.empty()) metadata[metadata::score] = model.score;
  if (!model.class_names.empty())
    metadata[metadata::classes] = class_names_json(model.class_names, class_count(model.network));
  return metadata;
}

Metadata metadata_with_hash(const WeightsFile& model) {
  Metadata metadata = metadata_of(model);
  metadata[metadata::weights_sha256] = weights_sha256(model.parameters);
  return metadata;
}

}  // namespace nib
