#include "formats/npz_weights.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "encodings/npy.h"
#include "encodings/zip.h"
#include "formats/metadata_keys.h"
#include "formats/number_formats.h"
#include "formats/tensor_places.h"
#include "formats/weights_metadata.h"

namespace nib {
namespace {

constexpr std::string_view ending = ".npy";

/// How much an archive may hold. The most parameters that a network may have (2^28) in F64, and what goes with them; of
/// a small archive less, as trained weights can hardly be compressed.
std::uint64_t most_content(std::uint64_t archive_bytes) {
  constexpr std::uint64_t rest = std::uint64_t{64} << 20, largest = (std::uint64_t{2} << 30) + rest, ratio = 16;
  return std::min(largest, rest + ratio * archive_bytes);
}

struct NamedArray {
  std::string name;
  NpyArray array;
};

std::vector<NamedArray> read_arrays(std::span<const std::uint8_t> bytes, const std::string& source) {
  std::vector<NamedArray> arrays;
  std::uint64_t left = most_content(bytes.size());
  for (const ZipEntry& entry : zip_entries(bytes, source)) {
    if (!entry.name.ends_with(ending))
      throw input_error({.file = source,
                         .field = printable(entry.name, 200),
                         .problem = "not an array",
                         .expected = "names that end in .npy"});
    const std::vector<std::uint8_t> content = zip_content(entry, left, source);
    left -= content.size();
    std::string name = entry.name.substr(0, entry.name.size() - ending.size());
    NpyArray array = parse_npy(content, fmt::format("{}: {}", source, name));
    arrays.push_back({std::move(name), std::move(array)});
  }
  return arrays;
}

/// safetensors' word for the array's elements.
std::string dtype_of(const NpyArray& array) {
  if (array.kind == 'b') return "BOOL";
  if (array.kind == 'S' || array.kind == 'U') return "text";
  const char letter = array.kind == 'f' ? 'F' : array.kind == 'i' ? 'I' : 'U';
  return fmt::format("{}{}", letter, 8 * array.item_bytes);
}

bool is_metadata_key(const std::string& name) {
  return name == metadata::flatten || name == metadata::writer || name.starts_with(metadata::own_prefix);
}

NpyArray array_of(const Tensor& tensor) {
  NpyArray array{.kind = 'f', .item_bytes = sizeof(float), .shape = tensor.shape, .bytes = {}};
  array.bytes.reserve(tensor.values.size() * sizeof(float));
  append_floats(tensor.values, array.bytes);
  return array;
}

}  // namespace

bool is_npz(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t name_at = 30, length_at = 26;  // in an entry's header
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!start.starts_with("PK\x03\x04") || bytes.size() < name_at) return false;
  const std::size_t length = bytes[length_at] | std::size_t{bytes[length_at + 1]} << 8;
  return start.substr(name_at, length).ends_with(ending) || zip_end_holds(bytes, ".weight.npy");
}

WeightsFile parse_npz_weights(std::span<const std::uint8_t> bytes, const std::string& source,
                              const WeightsOptions& options) {
  const std::vector<NamedArray> arrays = read_arrays(bytes, source);
  Metadata metadata;
  std::vector<FileTensor> tensors;
  for (const auto& [name, array] : arrays) {
    if (auto text = npy_text(array))
      metadata.emplace(name, *std::move(text));
    else if (is_metadata_key(name))
      throw input_error({.file = source,
                         .field = name,
                         .problem = "not a single text",
                         .expected = name == metadata::flatten ? "CHW or HWC" : "a text",
                         .got = dtype_of(array) + ' ' + shape_text(array.shape)});
    else
      tensors.push_back({name, dtype_of(array), array.shape, array.bytes});
  }
  return weights_of(metadata, tensors, source, options);
}

std::vector<std::uint8_t> npz_weights_bytes(const WeightsFile& model, const std::string& file) {
  std::vector<std::pair<std::string, std::vector<std::uint8_t>>> arrays;
  for (const Tensor& tensor : model.parameters.tensors)
    arrays.emplace_back(tensor.name + std::string(ending), npy_bytes(array_of(tensor)));
  for (const auto& [key, text] : metadata_of(model))
    arrays.emplace_back(key + std::string(ending), npy_bytes(npy_of_text(text)));
  std::vector<ZipContent> contents;
  for (const auto& [name, bytes] : arrays) contents.push_back({name, bytes});
  return zip_bytes(contents, file);
}

}  // namespace nib
