#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/stream.h"
#include "base/text.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "formats/checkpoint.h"
#include "formats/checksum.h"
#include "formats/metadata_keys.h"
#include "formats/safetensors_file.h"
#include "formats/safetensors_weights.h"
#include "formats/tensors_reader.h"
#include "formats/weights.h"
#include "model/network_json.h"

namespace nib {
namespace {

/// The most parameters that a network may have (2^28), in F32, with a checkpoint's moments, and the longest header.
constexpr std::size_t most_moments = 4;
constexpr std::uint64_t largest_file = (most_moments + 1) * (std::uint64_t{1} << 30) + largest_header + length_bytes;

using Metadata = std::map<std::string, std::string>;

std::optional<std::string> value_of(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::nullopt : std::optional(found->second);
}

bool is_ours(const Metadata& metadata) {
  return std::any_of(metadata.begin(), metadata.end(),
                     [](const auto& entry) { return entry.first.starts_with(metadata::own_prefix); });
}

void check_version(const Metadata& metadata, const std::string& source) {
  const std::string version = value_of(metadata, metadata::format).value_or("");
  if (version != metadata::format_version)
    throw input_error({.file = source,
                       .field = metadata::format,
                       .problem = "unknown version of nib's format",
                       .expected = std::string(metadata::format_version),
                       .got = version.empty() ? "none" : printable(version, 60)});
}

/// A single flipped bit anywhere is found here, or has made the file unreadable before: that needs the checksum to be
/// there in every file that has any of nib's keys.
void check_checksum(std::span<const std::uint8_t> bytes, const SafetensorsFile& file, const std::string& source) {
  const std::string digits = value_of(file.header.metadata, checksum_key).value_or("");
  const auto position = checksum_position(file.header_text, digits);
  if (!position)
    throw input_error({.file = source,
                       .field = checksum_key,
                       .problem = digits.empty() ? "checksum is missing" : "not a checksum as nib writes it"});
  const std::string computed = checksum_of(bytes, *position);
  if (computed != digits)
    throw input_error({.file = source,
                       .field = checksum_key,
                       .problem = "file is damaged, its checksum does not match",
                       .expected = printable(digits),
                       .got = computed});
}

void check_flatten(const Metadata& metadata, const std::string& source) {
  const std::string order = value_of(metadata, metadata::flatten).value_or(std::string(metadata::channels_first));
  if (order != metadata::channels_first)
    throw input_error({.file = source,
                       .field = metadata::flatten,
                       .problem = "inputs of the dense layer are in another order",
                       .expected = std::string(metadata::channels_first),
                       .got = printable(order, 60)});
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

/// The moments that a checkpoint has beside the weights; none in a weights file.
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

WeightsFile take_weights(std::span<const std::uint8_t> bytes, const SafetensorsFile& file, const std::string& source,
                         const WeightsOptions& options) {
  const Metadata& metadata = file.header.metadata;
  WeightsFile weights;
  weights.ours = is_ours(metadata);
  if (weights.ours) {
    check_version(metadata, source);
    check_checksum(bytes, file, source);
  }
  check_flatten(metadata, source);
  weights.network = choose_network(metadata, options.network, source);
  weights.data = printable(value_of(metadata, metadata::data).value_or(""));
  weights.limit = parse_unsigned(value_of(metadata, metadata::limit).value_or("")).value_or(0);
  weights.class_names = read_class_names(metadata, weights.network, source);
  const TensorRules rules{.moments = read_moment_names(metadata, source),
                          .allow_extra = options.allow_extra,
                          .allow_nonfinite = options.allow_nonfinite};
  weights.parameters = read_parameters(file, weights.network, rules, source, weights.notes);
  return weights;
}

}  // namespace

WeightsFile parse_safetensors_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                                      const WeightsOptions& options) {
  return take_weights(bytes, parse_safetensors(bytes, source), source, options);
}

WeightsFile read_weights(const std::filesystem::path& path, const WeightsOptions& options) {
  const auto read = options.allow_fifo ? read_file_or_fifo : read_file;
  return parse_weights(read(path, largest_file), path.string(), options);
}

CheckpointFile parse_checkpoint(std::span<const std::uint8_t> bytes, const std::string& source) {
  const SafetensorsFile file = parse_safetensors(bytes, source);
  const auto run = value_of(file.header.metadata, metadata::checkpoint);
  if (!run)
    throw input_error({.file = source,
                       .field = metadata::checkpoint,
                       .problem = "no checkpoint: it has weights but not where a run stands",
                       .hint = "as start weights of a new run: " + setting("weights")});
  CheckpointFile checkpoint{.model = take_weights(bytes, file, source, {}), .moments = {}, .run = *run};
  for (const std::string& name : read_moment_names(file.header.metadata, source))
    checkpoint.moments.push_back({name, read_moment(file, checkpoint.model.network, name, source)});
  return checkpoint;
}

CheckpointFile read_checkpoint(const std::filesystem::path& path) {
  return parse_checkpoint(read_file(path, largest_file), path.string());
}

}  // namespace nib
