#include <fmt/core.h>

#include "base/error.h"
#include "base/files.h"
#include "base/stream.h"
#include "base/text.h"
#include "formats/checkpoint.h"
#include "formats/checksum.h"
#include "formats/metadata_keys.h"
#include "formats/safetensors_file.h"
#include "formats/safetensors_weights.h"
#include "formats/tensors_reader.h"
#include "formats/weights.h"
#include "formats/weights_formats.h"
#include "formats/weights_metadata.h"

namespace nib {
namespace {

/// The most parameters that a network may have (2^28), in F32, with a checkpoint's moments, and the longest header.
constexpr std::uint64_t largest_file = (most_moments + 1) * (std::uint64_t{1} << 30) + largest_header + length_bytes;

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

WeightsFile take_weights(std::span<const std::uint8_t> bytes, const SafetensorsFile& file, const std::string& source,
                         const WeightsOptions& options) {
  if (are_ours(file.header.metadata, source)) check_checksum(bytes, file, source);
  WeightsFile weights = weights_of(file.header.metadata, file.tensors(), source, options);
  weights.checkpoint = file.header.metadata.contains(metadata::checkpoint);
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
  const std::string hint = "as start weights of a new run: " + setting("weights");
  if (const WeightsFormat& format = recognise_weights(bytes); format.read != parse_safetensors_weights)
    throw input_error({.file = source,
                       .problem = fmt::format("no checkpoint: {} has weights but not where a run stands", format.words),
                       .hint = hint});
  const SafetensorsFile file = parse_safetensors(bytes, source);
  const auto run = value_of(file.header.metadata, metadata::checkpoint);
  if (!run)
    throw input_error({.file = source,
                       .field = metadata::checkpoint,
                       .problem = "no checkpoint: it has weights but not where a run stands",
                       .hint = hint});
  CheckpointFile checkpoint{.model = take_weights(bytes, file, source, {}), .moments = {}, .run = *run};
  for (const std::string& name : read_moment_names(file.header.metadata, source))
    checkpoint.moments.push_back({name, read_moment(file.tensors(), checkpoint.model.network, name, source)});
  return checkpoint;
}

CheckpointFile read_checkpoint(const std::filesystem::path& path) {
  return parse_checkpoint(read_file(path, largest_file), path.string());
}

}  // namespace nib
