#include "formats/keras/files.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "encodings/zip.h"
#include "formats/metadata_keys.h"

namespace nib::keras {
namespace {

constexpr std::uint64_t largest_config = std::uint64_t{4} << 20;

/// The keys of nib's metadata in an attribute each of the root; the others are of tensors in nib's
/// own layout, or, as a score, may be too long for an attribute.
constexpr std::array own_keys{metadata::format, metadata::network, metadata::data,
                              metadata::limit,  metadata::classes, metadata::weights_sha256};

std::vector<std::string> with_own_keys(std::vector<std::string> names) {
  names.insert(names.end(), own_keys.begin(), own_keys.end());
  return names;
}

Metadata own_metadata(const Hdf5Content& content) {
  Metadata metadata;
  for (const char* key : own_keys)
    if (const auto* texts = content.texts("/", key); texts && texts->size() == 1) metadata[key] = texts->front();
  return metadata;
}

std::vector<std::uint8_t> entry_content(const std::vector<ZipEntry>& entries, const char* name, std::uint64_t most,
                                        const std::string& source) {
  const auto found = std::ranges::find(entries, name, &ZipEntry::name);
  if (found == entries.end())
    throw input_error({.file = source, .field = name, .problem = "missing in this .keras archive"});
  return zip_content(*found, most, source);
}

KerasFile open_archive(std::span<const std::uint8_t> bytes, const std::string& source) {
  const std::vector<ZipEntry> entries = zip_entries(bytes, source);
  KerasFile file;
  file.config_name = source + ": " + config_entry;
  file.weights_name = source + ": " + weights_entry;
  const std::vector<std::uint8_t> config = entry_content(entries, config_entry, largest_config, source);
  file.config =
      parse_json({reinterpret_cast<const char*>(config.data()), config.size()}, file.config_name, deepest_config);
  file.content = read_hdf5(entry_content(entries, weights_entry, largest_hdf5_file, source), {"/"}, with_own_keys({}),
                           file.weights_name);
  file.metadata = own_metadata(file.content);
  return file;
}

}  // namespace

std::vector<Hdf5Texts> metadata_attributes(const WeightsFile& model) {
  const Metadata all = metadata_with_hash(model);
  std::vector<Hdf5Texts> attributes;
  for (const char* key : own_keys)
    if (const auto text = value_of(all, key); text) attributes.push_back({"/", key, {*text}});
  return attributes;
}

bool is_archive(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t name_of_first_entry = 30;
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 64));
  const bool begins =
      start.starts_with("PK\x03\x04") && start.size() > name_of_first_entry &&
      std::ranges::any_of(std::array{metadata_entry, config_entry, weights_entry},
                          [&](const char* entry) { return start.substr(name_of_first_entry).starts_with(entry); });
  return begins || zip_end_holds(bytes, weights_entry);
}

KerasFile open_keras_file(std::span<const std::uint8_t> bytes, const std::string& source) {
  if (is_archive(bytes)) return open_archive(bytes, source);
  KerasFile file;
  file.weights_name = source;
  file.config_name = source + ": model_config";
  file.content = read_hdf5(bytes, {"/", "/model_weights"}, with_own_keys({"model_config", "layer_names"}), source);
  file.metadata = own_metadata(file.content);
  const auto* config = file.content.texts("/", "model_config");
  file.legacy = config || file.content.texts("/", "layer_names") || file.content.texts("/model_weights", "layer_names");
  if (config && config->size() == 1) file.config = parse_json(config->front(), file.config_name, deepest_config);
  return file;
}

}  // namespace nib::keras
